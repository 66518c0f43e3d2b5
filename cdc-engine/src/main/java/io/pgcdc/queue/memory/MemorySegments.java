package io.pgcdc.queue.memory;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Segments on their way from capture to one reader. A segment is gone once it was read: what is lost with the process comes again from the
 * server. Nobody else may read the store.
 */
public final class MemorySegments implements SegmentStore {

    /** Arrays that wait for the next segments. Most segments are of one size. */
    private static final int SPARE_ARRAYS = 4;

    private static final int LARGEST_SPARE = 4 << 20;

    private final Deque<Stored> segments = new ArrayDeque<>();
    private final Deque<byte[]> spare = new ArrayDeque<>();
    private long lastIndex = NONE;
    private long readThrough = NONE;
    private long storedBytes;
    private long passedBytes;
    private volatile long lastReadBytes;

    /** One segment: the array's first bytes. */
    private static final class Stored {

        private final long index;
        private final byte[] bytes;
        private final int length;

        Stored(long index, byte[] bytes, int length) {
            this.index = index;
            this.bytes = bytes;
            this.length = length;
        }
    }

    @Override
    public synchronized long append(SegmentBuilder sealed) {
        int length = sealed.sealedLength();
        byte[] bytes = array(length);
        System.arraycopy(sealed.array(), 0, bytes, 0, length);
        segments.add(new Stored(++lastIndex, bytes, length));
        storedBytes += length;
        return lastIndex;
    }

    private byte[] array(int length) {
        byte[] found = spare.poll();
        return found != null && found.length >= length ? found : new byte[length];
    }

    @Override
    public boolean reserve() {
        return true;
    }

    @Override
    public void sync() {
        // there is no disk: Custody says what is durable
    }

    @Override
    public synchronized long lastIndex() {
        return lastIndex;
    }

    @Override
    public synchronized long durableIndex() {
        return lastIndex;
    }

    @Override
    public synchronized long firstIndex() {
        Stored first = segments.peek();
        return first == null ? NONE : first.index;
    }

    @Override
    public synchronized SegmentReader reader(long fromIndexInclusive) {
        if (fromIndexInclusive != NONE && fromIndexInclusive <= readThrough) {
            throw new QueueException(
                    ErrorCode.QUEUE_SEGMENT_RELEASED,
                    "segment " + fromIndexInclusive
                            + " was read before, and a queue in memory gives each segment once. Start again: the server sends"
                            + " what is missing.");
        }
        return new Reader();
    }

    /** Does nothing: a segment goes when it is read. */
    @Override
    public void releaseBefore(long index, long keepBytes) {}

    /** Returns the bytes of the segments that were not read yet. */
    @Override
    public synchronized long storedBytes() {
        return storedBytes;
    }

    /** Returns the bytes of the segment that was read last; 0: none was. Any thread. */
    public long lastReadBytes() {
        return lastReadBytes;
    }

    @Override
    public synchronized long place(long index) {
        long place = passedBytes;
        for (Stored segment : segments) {
            if (segment.index >= index) {
                break;
            }
            place += segment.length;
        }
        return place;
    }

    @Override
    public synchronized void close() {
        segments.clear();
        spare.clear();
        storedBytes = 0;
    }

    private synchronized @Nullable Stored take() {
        Stored taken = segments.poll();
        if (taken != null) {
            storedBytes -= taken.length;
            passedBytes += taken.length;
            readThrough = taken.index;
            lastReadBytes = taken.length;
        }
        return taken;
    }

    private synchronized void giveBack(byte[] bytes) {
        if (spare.size() < SPARE_ARRAYS && bytes.length <= LARGEST_SPARE) {
            spare.add(bytes);
        }
    }

    private final class Reader implements SegmentReader {

        private long index = NONE;

        @Override
        public boolean next(SegmentView into) {
            Stored taken = take();
            if (taken == null) {
                return false;
            }
            into.load(taken.bytes, 0, taken.length, "segment " + taken.index);
            index = taken.index;
            giveBack(taken.bytes);
            return true;
        }

        @Override
        public boolean nextHeader(SegmentHeader into) {
            Stored taken = take();
            if (taken == null) {
                return false;
            }
            into.load(Arrays.copyOf(taken.bytes, taken.length), 0, taken.length, "segment " + taken.index);
            index = taken.index;
            return true;
        }

        @Override
        public long index() {
            return index;
        }

        @Override
        public void close() {}
    }
}
