package io.pgcdc.json.record;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.PgType;
import java.nio.charset.StandardCharsets;

/**
 * The server's cast of a value to text, {@code value::text}, from the text in the stream. They differ for the types that have a cast
 * function of their own (pg_cast). Pure; any thread.
 */
enum TextCast {
    /** The same text. */
    SAME,
    /** {@code t} becomes {@code true}. */
    BOOLEAN,
    /** An address without a mask gets {@code /32}, or {@code /128} for IPv6. */
    INET,
    /** A padded text loses the blanks at its end. */
    PADDED;

    /** Types, as in pg_type.dat: bool, inet, bpchar. */
    private static final int BOOL_OID = 16;

    private static final int INET_OID = 869;
    private static final int BPCHAR_OID = 1042;

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IPV4_MASK = "/32".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IPV6_MASK = "/128".getBytes(StandardCharsets.US_ASCII);

    static TextCast of(PgType type) {
        return switch (type.withoutDomains().oid()) {
            case BOOL_OID -> BOOLEAN;
            case INET_OID -> INET;
            case BPCHAR_OID -> PADDED;
            default -> SAME;
        };
    }

    /** Appends the cast of a value's text. */
    void append(byte[] text, int offset, int length, JsonBuffer out) {
        switch (this) {
            case SAME -> out.append(text, offset, length);
            case BOOLEAN -> out.append(length > 0 && text[offset] == 't' ? TRUE : FALSE);
            case INET -> {
                out.append(text, offset, length);
                if (!contains(text, offset, length, '/')) {
                    out.append(contains(text, offset, length, ':') ? IPV6_MASK : IPV4_MASK);
                }
            }
            case PADDED -> {
                int end = offset + length;
                while (end > offset && text[end - 1] == ' ') {
                    end--;
                }
                out.append(text, offset, end - offset);
            }
        }
    }

    private static boolean contains(byte[] text, int offset, int length, char wanted) {
        for (int i = offset; i < offset + length; i++) {
            if (text[i] == wanted) {
                return true;
            }
        }
        return false;
    }
}
