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
 * Segments in the files of Chronicle Queue, which gives each its place; written, forced and read by our own channels. The files and
 * what happens to them on opening are described in {@code docs/queue-format.md}.
 *
 * <p>Do not interrupt a thread inside a call: Java closes an interrupted thread's file, and the store, or the reader, has failed.
 */
public final class ChronicleSegmentStore implements SegmentStore {

    /** With less free space than this, a failure to write is put down to it. */
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
    // written under syncLock, after force() returned: a reader that sees it also sees the bytes before it
    private volatile long durableIndex;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    private ChronicleSegmentStore(SegmentFiles files, long fileBytes, long lastIndex) {
        this.files = files;
        this.fileBytes = fileBytes;
        this.currentFile = files.lastNumber();
        this.lastIndex = lastIndex;
        this.durableIndex = lastIndex;
        long behind = lastIndex == NONE ? SegmentIndex.of(firstNumber(), 0) : lastIndex + 1;
        this.verifier = new FileSegmentReader(files, behind, () -> verifyThrough);
    }

    /**
     * Opens the segments in a directory that exists and that no other process uses ({@link QueueDirectory} sees to both), and
     * cuts off what a crash left torn. An idle queue is not written to.
     *
     * @param fileBytes a file that has reached this size gets no further segment
     * @param durableThrough index of a segment that must be readable (from the capture's checkpoint), or {@link #NONE}
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
            // InternalError: the kernel could not give a mapped page its place on the disk
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
            // first the index, then the files: what was appended up to it lies in files that the forcer knows
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
     * Reads what is about to be called durable. A document's header is still written through mapped memory; when such a page cannot be had
     * the JVM says so some time later, on the thread that wrote, wherever that is by then: only the file tells the truth.
     */
    private void readBack(long target) {
        verifyThrough = target;
        while (verifier.next(verified)) {
            // each step checks the CRCs
        }
        if (verifier.index() != target) {
            throw SegmentHeader.damaged(
                    files,
                    "index " + SegmentIndex.toString(target) + " was appended, what can be read ends with "
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
                            + ", a reader wants to go on at " + SegmentIndex.toString(fromIndexInclusive) + "; " + files
                            + ". The queue let go of what lies between, for no configured sink needed it. Give the sink another name: it then"
                            + " begins with the first change that the queue holds. Copy into its target first what it lacks.");
        }
        if (SegmentIndex.file(fromIndexInclusive) > files.lastNumber()) {
            throw SegmentHeader.damaged(
                    files,
                    "a reader wants to go on at index " + SegmentIndex.toString(fromIndexInclusive)
                            + ", the queue ends before that file");
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

    /** Of an empty queue: of the first file that will be. */
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
                    "the queue failed before and nothing more is stored: " + earlier + "; " + files
                            + ". Clear the cause and start again.",
                    earlier);
        }
    }

    private QueueException fail(Throwable cause) {
        failure = cause;
        if (isFull()) {
            return new QueueException(
                    ErrorCode.QUEUE_FULL,
                    "no room left for the queue: " + cause + "; " + files
                            + ". Free some space; what is durable is kept, the rest comes again from the server.",
                    cause);
        }
        return new QueueException(
                ErrorCode.QUEUE_IO,
                "queue cannot be written: " + cause + "; " + files
                        + ". Check the disk; then start again, what is durable is kept.",
                cause);
    }

    /** A fault in mapped memory does not say why it happened. */
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
