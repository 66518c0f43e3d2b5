package io.pgcdc.queue;

/**
 * The index of a segment in files: number of the file (27 bits) and offset of the segment's first document in it (36 bits). Offsets
 * are multiples of four, so {@code index + 1} is never a segment's own index. It means "after that segment".
 */
public final class SegmentIndex {

    static final int OFFSET_BITS = 36;
    public static final long MAX_OFFSET = (1L << OFFSET_BITS) - 1;
    public static final int MAX_FILE = (1 << 27) - 1;

    private SegmentIndex() {}

    public static long of(int file, long offset) {
        return (long) file << OFFSET_BITS | offset;
    }

    public static int file(long index) {
        return (int) (index >>> OFFSET_BITS);
    }

    /** Returns the offset of the segment, also for the index after it. */
    public static long offset(long index) {
        return index & MAX_OFFSET & ~3L;
    }

    /** Returns true if the index means the place after a segment, not a segment. */
    public static boolean isAfterSegment(long index) {
        return (index & 3) != 0;
    }

    /** Returns {@code file:offset}, or "none". */
    public static String toString(long index) {
        return index == SegmentStore.NONE ? "none" : file(index) + ":" + (index & MAX_OFFSET);
    }
}
