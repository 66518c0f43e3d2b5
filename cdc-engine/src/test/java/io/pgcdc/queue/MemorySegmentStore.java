package io.pgcdc.queue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps segments in memory, and simulates faults of disks. A crash loses unsynced segments, or keeps some of them, with a torn one at the
 * end. The disk can be full, and bytes can flip. After {@link #crash} or {@link #close}, {@link #reopen} returns the store that a new
 * process would find.
 */
public final class MemorySegmentStore implements SegmentStore {

    /** Distance of two indexes. It is not 1, so that no test relies on consecutive indexes. */
    private static final long INDEX_STEP = 16;

    private final NavigableMap<Long, byte[]> segments;
    private long nextIndex;

    /** Segments below it are gone. */
    private long releasedBefore;

    /** Bytes of the released segments. */
    private long releasedBytes;

    private long lastIndex = NONE;
    private long durableIndex = NONE;
    private boolean full;
    private boolean closed;
    private @Nullable QueueException failure;

    public MemorySegmentStore() {
        this(new TreeMap<>(), INDEX_STEP, 0);
    }

    private MemorySegmentStore(NavigableMap<Long, byte[]> segments, long nextIndex, long releasedBefore) {
        this.segments = segments;
        this.nextIndex = nextIndex;
        this.releasedBefore = releasedBefore;
        if (!segments.isEmpty()) {
            lastIndex = segments.lastKey();
            durableIndex = lastIndex;
        }
    }

    @Override
    public synchronized long append(SegmentBuilder sealed) {
        checkUsable();
        byte[] bytes = Arrays.copyOf(sealed.array(), sealed.sealedLength());
        if (full) {
            throw fail(new QueueException(
                    ErrorCode.QUEUE_FULL, "no space left; memory store. Call setFull(false) and reopen it."));
        }
        lastIndex = nextIndex;
        nextIndex += INDEX_STEP;
        segments.put(lastIndex, bytes);
        return lastIndex;
    }

    @Override
    public synchronized boolean reserve() {
        checkUsable();
        return !full;
    }

    @Override
    public synchronized void sync() {
        checkUsable();
        durableIndex = lastIndex;
    }

    @Override
    public synchronized long lastIndex() {
        return lastIndex;
    }

    @Override
    public synchronized long durableIndex() {
        return durableIndex;
    }

    @Override
    public synchronized long firstIndex() {
        return segments.isEmpty() ? NONE : segments.firstKey();
    }

    @Override
    public synchronized SegmentReader reader(long fromIndexInclusive) {
        checkOpen();
        if (fromIndexInclusive != NONE && fromIndexInclusive < releasedBefore) {
            throw new QueueException(
                    ErrorCode.QUEUE_SEGMENT_RELEASED,
                    "segments from index " + fromIndexInclusive + " on were released; memory store. Read from "
                            + releasedBefore + ".");
        }
        if (fromIndexInclusive >= nextIndex) {
            throw new QueueException(
                    ErrorCode.QUEUE_DAMAGED,
                    "index " + fromIndexInclusive + " was never given; memory store. The next one is " + nextIndex
                            + ".");
        }
        return new Reader(fromIndexInclusive);
    }

    @Override
    public synchronized void releaseBefore(long index, long keepBytes) {
        if (durableIndex != NONE) {
            NavigableMap<Long, byte[]> released = segments.headMap(Math.min(index, durableIndex), false);
            long stored = storedBytes();
            while (!released.isEmpty()
                    && (keepBytes == 0 || stored - released.firstEntry().getValue().length >= keepBytes)) {
                Map.Entry<Long, byte[]> oldest = released.pollFirstEntry();
                stored -= oldest.getValue().length;
                releasedBytes += oldest.getValue().length;
                releasedBefore = oldest.getKey() + 1;
            }
        }
    }

    @Override
    public synchronized long storedBytes() {
        return segments.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    @Override
    public synchronized long place(long index) {
        return releasedBytes
                + segments.headMap(index, false).values().stream()
                        .mapToLong(bytes -> bytes.length)
                        .sum();
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    /** Loads a segment, durable or not. */
    public synchronized void load(long index, SegmentView into) {
        byte[] bytes = segments.get(index);
        if (bytes == null) {
            throw new IllegalArgumentException("no segment at index " + index);
        }
        into.load(bytes, 0, bytes.length, "index " + index);
    }

    /** Makes each later append fail. */
    public synchronized void setFull(boolean full) {
        this.full = full;
    }

    /** Flips bits of one stored byte. */
    public synchronized void damage(long index, int offset, int bits) {
        byte[] bytes = segments.get(index);
        if (bytes == null) {
            throw new IllegalArgumentException("no segment at index " + index);
        }
        bytes[offset] ^= (byte) bits;
    }

    /** Ends the process. All unsynced segments are lost. */
    public synchronized void crash() {
        segments.tailMap(durableIndex, false).clear();
        closed = true;
    }

    /** Ends the process. The first unsynced segments are kept, and the next one may be torn. */
    public synchronized void crash(Random random) {
        Map<Long, byte[]> unsynced = segments.tailMap(durableIndex, false);
        int kept = random.nextInt(unsynced.size() + 1);
        boolean torn = random.nextBoolean();
        int seen = 0;
        for (var entries = unsynced.entrySet().iterator(); entries.hasNext(); seen++) {
            Map.Entry<Long, byte[]> entry = entries.next();
            if (seen == kept && torn) {
                byte[] bytes = entry.getValue();
                entry.setValue(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            } else if (seen >= kept) {
                entries.remove();
            }
        }
        closed = true;
    }

    /**
     * Returns the store that a new process finds. A torn or damaged segment is cut off with all segments after it. At or before {@code
     * durableThrough} it is QUEUE_DAMAGED instead.
     */
    public synchronized MemorySegmentStore reopen(long durableThrough) {
        if (!closed) {
            throw new IllegalStateException("close or crash it first");
        }
        if (durableThrough != NONE && !segments.containsKey(durableThrough)) {
            throw new QueueException(
                    ErrorCode.QUEUE_DAMAGED,
                    "no segment at index " + durableThrough + "; memory store. A test lost it.");
        }
        NavigableMap<Long, byte[]> left = new TreeMap<>(segments);
        SegmentView buffer = new SegmentView();
        for (Map.Entry<Long, byte[]> entry :
                segments.tailMap(Math.max(0, durableThrough), true).entrySet()) {
            try {
                buffer.load(entry.getValue(), 0, entry.getValue().length, "index " + entry.getKey());
            } catch (QueueException e) {
                if (entry.getKey() <= durableThrough || e.code() != ErrorCode.QUEUE_DAMAGED) {
                    throw e;
                }
                left.tailMap(entry.getKey(), true).clear();
                break;
            }
        }
        return new MemorySegmentStore(left, nextIndex, releasedBefore);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("store is closed");
        }
    }

    private void checkUsable() {
        checkOpen();
        if (failure != null) {
            throw new QueueException(
                    ErrorCode.QUEUE_IO, "the queue failed before; memory store. Close and reopen it.", failure);
        }
    }

    private QueueException fail(QueueException cause) {
        failure = cause;
        return cause;
    }

    private final class Reader implements SegmentReader {

        private final long from;
        private long index = NONE;

        Reader(long from) {
            this.from = from;
        }

        @Override
        public boolean next(SegmentView into) {
            return step((bytes, from) -> into.load(bytes, 0, bytes.length, from));
        }

        @Override
        public boolean nextHeader(SegmentHeader into) {
            return step((bytes, from) -> into.load(bytes, 0, bytes.length, from));
        }

        private boolean step(BiConsumer<byte[], String> load) {
            synchronized (MemorySegmentStore.this) {
                Map.Entry<Long, byte[]> next =
                        index == NONE ? segments.ceilingEntry(from) : segments.higherEntry(index);
                if (next == null || next.getKey() > durableIndex) {
                    return false;
                }
                load.accept(next.getValue(), "index " + next.getKey());
                index = next.getKey();
                return true;
            }
        }

        @Override
        public long index() {
            return index;
        }

        @Override
        public void close() {}
    }
}
