package io.pgcdc.queue.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import net.openhft.posix.PosixAPI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Allocates a file's disk space before it is written. So a full disk is a reason to wait, and not a failed write, or a fault in
 * Chronicle's mapped memory. Does not change the file's size. Belongs to the appending thread.
 */
final class SpaceAhead implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(SpaceAhead.class);

    private static final int KEEP_SIZE = 1; // FALLOC_FL_KEEP_SIZE
    private static final int READ_WRITE = 2; // O_RDWR

    /** ENOSPC, EDQUOT. */
    private static final Set<Integer> FULL = Set.of(28, 122);

    private final long aheadBytes;
    private int descriptor = -1;
    private long taken;

    /** True if the file system cannot allocate; only the free space then tells if the disk is full. */
    private boolean unsupported;

    SpaceAhead(long aheadBytes) {
        this.aheadBytes = aheadBytes;
    }

    /** Switches to another file. */
    void open(Path file) {
        close();
        taken = 0;
        descriptor = open(file.toString());
    }

    /**
     * Allocates space up to an offset, and ahead of it.
     *
     * @param limit the largest useful offset
     * @return false if the disk is full; nothing is damaged
     */
    boolean take(long offset, long limit) {
        if (offset <= taken || descriptor < 0) {
            return true;
        }
        long to = Math.max(offset, Math.min(offset + aheadBytes, limit));
        if (!allocate(descriptor, taken, to - taken)) {
            return false;
        }
        taken = to;
        return true;
    }

    /** Like {@link #take}, but before the writer reaches the offset. */
    boolean takeAhead(long end, long limit) {
        return take(Math.min(end + aheadBytes / 2, Math.max(end, limit)), limit);
    }

    /** Returns whether a new file of so many bytes fits in the directory. */
    boolean fits(Path directory, long bytes) throws IOException {
        Path probe = Files.createTempFile(directory, "room", ".probe");
        try {
            int opened = open(probe.toString());
            try {
                return opened < 0 || allocate(opened, 0, bytes);
            } finally {
                if (opened >= 0) {
                    PosixAPI.posix().close(opened);
                }
            }
        } finally {
            Files.delete(probe);
        }
    }

    /** Returns the file descriptor; negative if it cannot be opened. */
    private int open(String file) {
        try {
            return unsupported ? -1 : PosixAPI.posix().open(file, READ_WRITE, 0);
        } catch (RuntimeException | LinkageError e) {
            // no native library for this machine, or no place to unpack it
            unsupported(e.toString());
            return -1;
        }
    }

    private boolean allocate(int file, long from, long bytes) {
        PosixAPI posix = PosixAPI.posix();
        if (unsupported || posix.fallocate(file, KEEP_SIZE, from, bytes) == 0) {
            return true;
        }
        int error = posix.lastError();
        if (FULL.contains(error)) {
            return false;
        }
        unsupported(posix.strerror(error));
        return true;
    }

    private void unsupported(String why) {
        unsupported = true;
        LOG.info("the queue's disk cannot allocate space ahead of writing ({}): keep enough of it free", why);
    }

    @Override
    public void close() {
        if (descriptor >= 0) {
            PosixAPI.posix().close(descriptor);
            descriptor = -1;
        }
    }
}
