package io.pgcdc.model;

/**
 * A log sequence number: a byte position in the WAL. Kept as a {@code long} and compared unsigned. Printed like the server does, as
 * two hexadecimal halves: {@code 0/1A2B3C8} (PostgreSQL documentation, "pg_lsn Type").
 */
public final class Lsn {

    /** "No position": the server never writes a record there. */
    public static final long INVALID = 0;

    private Lsn() {}

    public static int compare(long a, long b) {
        return Long.compareUnsigned(a, b);
    }

    public static long max(long a, long b) {
        return compare(a, b) >= 0 ? a : b;
    }

    public static long min(long a, long b) {
        return compare(a, b) <= 0 ? a : b;
    }

    public static String toString(long lsn) {
        return Long.toHexString(lsn >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(lsn & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }

    /** @throws IllegalArgumentException unless the text is two hexadecimal numbers of up to eight digits around a slash */
    public static long parse(String text) {
        int slash = text.indexOf('/');
        int low = text.length() - slash - 1;
        if (slash < 1 || slash > 8 || low < 1 || low > 8) {
            throw new IllegalArgumentException("not an LSN: " + text);
        }
        try {
            return Long.parseUnsignedLong(text.substring(0, slash), 16) << 32
                    | Long.parseUnsignedLong(text.substring(slash + 1), 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an LSN: " + text, e);
        }
    }
}
