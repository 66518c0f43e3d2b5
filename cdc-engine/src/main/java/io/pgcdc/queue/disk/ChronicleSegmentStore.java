package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentIndex;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Stores segments in the files of Chronicle Queue. Chronicle gives each segment its place; our own channels write, force and read the
 * bytes. {@code docs/reference/queue-format.md} describes the files, and how opening repairs them.
 *
 * <p>Do not interrupt a thread inside a call. Java then closes the thread's file, and the store or the reader fails.
 */
public final class ChronicleSegmentStore implements SegmentStore {

    /** Below this much free space, a failed write counts as a full disk. */
    private static final long FULL_BYTES = 1 << 20;

    private final SegmentFiles files;
    private final long fileBytes;
    private final FileForcer forcer = new FileForcer();
    private final Object syncLock = new Object();
    private final FileSegmentReader verifier; // under syncLock
    private final SegmentView verified = new SegmentView(); // under syncLock
    private long verifyThrough; // under syncLock

    // written by the appending thread alone
    private @Nullable ChronicleAppender appender;
    private int currentFile;

    private volatile long lastIndex;
    // written under syncLock, after force() returned: a reader that sees the index also sees the bytes up to it
    private volatile long durableIndex;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    private ChronicleSegmentStore(SegmentFiles files, long fileBytes, long lastIndex) {
        this.files = files;
        this.fileBytes = fileBytes;
        this.currentFile = files.lastNumber();
        this.lastIndex = lastIndex;
        this.durableIndex = lastIndex;
        long next = lastIndex == NONE ? SegmentIndex.of(firstNumber(), 0) : lastIndex + 1;
        this.verifier = new FileSegmentReader(files, next, () -> verifyThrough);
    }

    /**
     * Opens the segments in a directory, and cuts off the torn end that a crash left. Does not write to an undamaged queue. The directory
     * must exist, and no other process may use it; {@link QueueDirectory} ensures both.
     *
     * @param fileBytes a file that has reached this size gets no further segment
     * @param durableThrough index of a segment that must be readable (from capture's checkpoint), or {@link #NONE}
     * @throws QueueException QUEUE_JVM_FLAGS, QUEUE_DAMAGED, QUEUE_FORMAT, QUEUE_IO
     */
    public static ChronicleSegmentStore open(Path directory, long fileBytes, long durableThrough) {
        try {
            ChronicleRuntime.prepare();
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            throw ChronicleFaults.notLoaded(e);
        }
        SegmentFiles files = new SegmentFiles(directory);
        long last = new TailRecovery(files).run(durableThrough);
        return new ChronicleSegmentStore(files, fileBytes, last);
    }

    @Override
    public long append(SegmentBuilder sealed) {
        checkUsable();
        int length = sealed.sealedLength();
        try {
            ChronicleAppender to = appender == null ? beginRun() : appender;
            long offset = to.append(sealed.array(), length);
            if (to.file() != currentFile || files.path(currentFile) == null) {
                Path path = to.path();
                DurableFiles.makePrivate(path);
                forcer.opened(path);
                files.add(to.file(), path);
                currentFile = to.file();
            }
            files.bytes(currentFile, to.end());
            long index = SegmentIndex.of(currentFile, offset);
            lastIndex = index;
            return index;
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            failure = e;
            throw ChronicleFaults.notLoaded(e);
        } catch (RuntimeException | IOException | InternalError | AssertionError e) {
            // InternalError: the kernel found no disk space for a mapped page
            throw fail(e);
        }
    }

    @Override
    public boolean reserve() {
        checkUsable();
        ChronicleAppender to = appender;
        return to == null || to.reserve();
    }

    private ChronicleAppender beginRun() throws IOException {
        int first = currentFile + 1;
        Path run = files.createRun(first);
        appender = new ChronicleAppender(run, first, fileBytes);
        return appender;
    }

    @Override
    public void sync() {
        synchronized (syncLock) {
            checkUsable();
            // read the index first: the forcer then knows all files up to it
            long target = lastIndex;
            if (target == durableIndex) {
                return;
            }
            try {
                forcer.force();
                readBack(target);
            } catch (IOException | RuntimeException | InternalError e) {
                throw fail(e);
            }
            checkUsable();
            durableIndex = target;
        }
    }

    /**
     * Reads the new segments from the file before they count as durable. Chronicle writes a document's header through mapped memory. If the
     * kernel cannot provide such a page, the JVM reports it later, on the thread that wrote, at any place in its code. Only reading the file
     * shows the fault in time.
     */
    private void readBack(long target) {
        verifyThrough = target;
        while (verifier.next(verified)) {
            // next() checks the CRCs
        }
        if (verifier.index() != target) {
            throw SegmentHeader.damaged(
                    files,
                    "index " + SegmentIndex.toString(target) + " was appended, but the last readable index is "
                            + SegmentIndex.toString(verifier.index()));
        }
    }

    @Override
    public long lastIndex() {
        return lastIndex;
    }

    @Override
    public long durableIndex() {
        return durableIndex;
    }

    @Override
    public long firstIndex() {
        return lastIndex == NONE ? NONE : SegmentIndex.of(files.firstNumber(), 0);
    }

    @Override
    public SegmentReader reader(long fromIndexInclusive) {
        if (closed) {
            throw new IllegalStateException("store is closed");
        }
        int first = firstNumber();
        if (fromIndexInclusive == NONE) {
            return new FileSegmentReader(files, SegmentIndex.of(first, 0), this::durableIndex);
        }
        if (SegmentIndex.file(fromIndexInclusive) < first) {
            throw new QueueException(
                    ErrorCode.QUEUE_SEGMENT_RELEASED,
                    "the queue begins at index " + SegmentIndex.toString(SegmentIndex.of(first, 0))
                            + ", but a reader must continue at " + SegmentIndex.toString(fromIndexInclusive) + "; "
                            + files
                            + ". The queue deleted the changes in between, because no configured sink needed them. The sink can only"
                            + " begin anew: cdc sink reset NAME.");
        }
        if (SegmentIndex.file(fromIndexInclusive) > files.lastNumber()) {
            throw SegmentHeader.damaged(
                    files,
                    "a reader must continue at index " + SegmentIndex.toString(fromIndexInclusive)
                            + ", but the queue ends before that file");
        }
        return new FileSegmentReader(files, fromIndexInclusive, this::durableIndex);
    }

    @Override
    public void releaseBefore(long index, long keepBytes) {
        long durable = durableIndex;
        if (index != NONE && durable != NONE) {
            files.deleteBefore(Math.min(SegmentIndex.file(index), SegmentIndex.file(durable)), keepBytes);
        }
    }

    @Override
    public long storedBytes() {
        return files.storedBytes();
    }

    @Override
    public long place(long index) {
        return files.place(index);
    }

    @Override
    public void close() {
        synchronized (syncLock) {
            if (closed) {
                return;
            }
            closed = true;
            ChronicleAppender open = appender;
            appender = null;
            verifier.close();
            try {
                if (open != null) {
                    open.close();
                    if (failure == null) {
                        files.end(currentFile, open.end());
                    }
                }
            } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
                throw ChronicleFaults.notLoaded(e);
            } finally {
                forcer.close();
            }
        }
    }

    /** Returns the number of the first file; 1 if the queue is empty. */
    private int firstNumber() {
        return files.isEmpty() ? 1 : files.firstNumber();
    }

    private void checkUsable() {
        if (closed) {
            throw new IllegalStateException("store is closed");
        }
        Throwable earlier = failure;
        if (earlier != null) {
            throw new QueueException(
                    ErrorCode.QUEUE_IO,
                    "the queue stores nothing more, because it failed earlier: " + earlier + "; " + files
                            + ". Remove the cause and start again.",
                    earlier);
        }
    }

    private QueueException fail(Throwable cause) {
        failure = cause;
        if (isFull()) {
            return new QueueException(
                    ErrorCode.QUEUE_FULL,
                    "the queue's disk is full: " + cause + "; " + files
                            + ". Free some space. The queue keeps its durable changes; the server sends the others again.",
                    cause);
        }
        return new QueueException(
                ErrorCode.QUEUE_IO,
                "pgcdc cannot write the queue: " + cause + "; " + files
                        + ". Check the disk, then start again. The queue keeps its durable changes; the server sends the others again.",
                cause);
    }

    /** Returns true if the disk is nearly full. A fault in mapped memory does not tell its cause, so we ask the file system. */
    private boolean isFull() {
        try {
            return Files.getFileStore(Path.of(files.toString())).getUsableSpace() < FULL_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return files.toString();
    }
}
