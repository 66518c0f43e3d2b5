package io.pgcdc.queue;

/**
 * The index of a segment in files: number of the file (27 bits) and offset of the segment's first document in it (36 bits). Offsets
 * are multiples of four, so {@code index + 1} is never a segment's own index and means "behind that segment".
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

    public static long offset(long index) {
        return index & MAX_OFFSET & ~3L;
    }

    public static boolean isBehind(long index) {
        return (index & 3) != 0;
    }

    public static String toString(long index) {
        return index == SegmentStore.NONE ? "none" : file(index) + ":" + (index & MAX_OFFSET);
    }
}
