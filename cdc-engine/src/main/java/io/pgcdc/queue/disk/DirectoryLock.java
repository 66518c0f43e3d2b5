package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lock that one process holds on a queue directory, because Chronicle does not refuse a second writer. The kernel releases it
 * when the process ends in any way. The file contains the process id, for messages.
 *
 * <p>The kernel also releases it when the process closes another channel of the same file. So a process that holds the lock must not open the file
 * again: ask {@link #isHeldHere} first.
 */
final class DirectoryLock implements Closeable {

    /** The locks that this process holds. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final FileChannel channel;
    private final Path held;

    private DirectoryLock(FileChannel channel, Path held) {
        this.channel = channel;
        this.held = held;
    }

    /** Returns true if this process holds the lock. */
    static boolean isHeldHere(Path file) throws IOException {
        return HELD.contains(real(file));
    }

    private static Path real(Path file) throws IOException {
        return file.resolveSibling("").toRealPath().resolve(file.getFileName());
    }

    static DirectoryLock acquire(Path file) throws IOException {
        Path real = real(file);
        if (!HELD.add(real)) {
            throw inUseOf(file, String.valueOf(ProcessHandle.current().pid()));
        }
        try {
            return new DirectoryLock(lock(file), real);
        } catch (IOException | RuntimeException e) {
            HELD.remove(real);
            throw e;
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = DurableFiles.open(file);
        try {
            if (!tryLock(channel)) {
                throw inUseOf(file, pid(channel));
            }
            channel.truncate(0);
            ByteBuffer pid =
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
            while (pid.hasRemaining()) {
                channel.write(pid);
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // this process holds it
        }
    }

    private static String pid(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(32);
        channel.read(content, 0);
        return new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
    }

    private static QueueException inUseOf(Path file, String pid) {
        return inUse(file.toAbsolutePath().getParent(), pid);
    }

    static QueueException inUse(@Nullable Path directory, String pid) {
        return new QueueException(
                ErrorCode.QUEUE_LOCKED,
                "queue directory is in use by process " + (pid.isEmpty() ? "(unknown)" : pid) + "; "
                        + directory
                        + ". Stop that process, or name another queue with --queue-dir.");
    }

    /**
     * Releases the lock. Empties the file, because the process may live on without this queue. Keeps it: if it were deleted, two processes could
     * lock two files of the same name.
     */
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
        } finally {
            HELD.remove(held);
        }
    }
}
