package io.pgcdc.queue;

/**
 * The index of a segment. It consists of the number of the file (27 bits) and the offset of the segment's first document in that file
 * (36 bits, in bytes). Offsets are multiples of four, so {@code index + 1} is never the index of a segment. It means "after the segment at
 * {@code index}".
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

    /** Returns the segment's offset in its file, in bytes. Takes the segment's index, or that index + 1. */
    public static long offset(long index) {
        return index & MAX_OFFSET & ~3L;
    }

    /** Returns true if the index means "after a segment". Returns false if it is the index of a segment. */
    public static boolean isAfterSegment(long index) {
        return (index & 3) != 0;
    }

    /** Returns {@code file:offset}, or "none" for {@link SegmentStore#NONE}. */
    public static String toString(long index) {
        return index == SegmentStore.NONE ? "none" : file(index) + ":" + (index & MAX_OFFSET);
    }
}
