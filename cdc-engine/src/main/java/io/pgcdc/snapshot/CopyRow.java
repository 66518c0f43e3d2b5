package io.pgcdc.snapshot;

import io.pgcdc.decode.PgOutput;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import java.util.Arrays;

/**
 * Turns a row of COPY's text format into a pgoutput Insert message, so that a snapshot's rows take the same way as changes (PostgreSQL
 * documentation, "COPY", "Text Format", and "Logical Replication Message Formats"). One buffer is used for all rows. One thread.
 *
 * <pre>
 *   COPY:   field TAB field … LF     \N is null; \b \f \n \r \t \v \\ stand for one byte each
 *   Insert: 'I' | oid 4 | 'N' | columns 2 | 't' length 4 bytes, or 'n', for each column
 * </pre>
 */
final class CopyRow {

    private static final int OID_AT = 1;
    private static final int TUPLE_AT = 5;
    private static final int COLUMNS_AT = 6;
    private static final int FIRST_COLUMN_AT = 8;
    private static final int VALUE_HEADER = 5;

    private final int columns;
    private final String table;
    private byte[] message = new byte[8 << 10];
    private int length;

    /**
     * Prepares for the rows of a table.
     *
     * @param table for messages
     */
    CopyRow(int oid, int columns, String table) {
        this.columns = columns;
        this.table = table;
        message[0] = PgOutput.INSERT;
        putInt(OID_AT, oid);
        message[TUPLE_AT] = 'N';
        message[COLUMNS_AT] = (byte) (columns >>> 8);
        message[COLUMNS_AT + 1] = (byte) columns;
    }

    /**
     * Converts a row. {@link #message} and {@link #length} then show the message, until the next row.
     *
     * @throws DecodeException DECODE_MALFORMED: the row has another number of fields, or an escape that COPY does not write
     */
    void convert(byte[] row) {
        int end = row.length > 0 && row[row.length - 1] == '\n' ? row.length - 1 : row.length;
        reserve((long) FIRST_COLUMN_AT + (long) columns * VALUE_HEADER + row.length);
        int to = FIRST_COLUMN_AT;
        int from = 0;
        int fields = columns == 0 && end == 0 ? 0 : 1;
        for (int field = 0; field < fields; field++) {
            if (field == columns) {
                throw malformed("more than " + columns + " fields");
            }
            int at = from;
            boolean plain = true;
            while (at < end && row[at] != '\t') {
                plain &= row[at] != '\\';
                at++;
            }
            to = plain ? copy(row, from, at, to) : unescape(row, from, at, to);
            if (at < end) {
                fields++;
            }
            from = at + 1;
        }
        if (fields != columns) {
            throw malformed(fields + " fields instead of " + columns);
        }
        length = to;
    }

    private int copy(byte[] row, int from, int end, int to) {
        int count = end - from;
        message[to] = 't';
        putInt(to + 1, count);
        System.arraycopy(row, from, message, to + VALUE_HEADER, count);
        return to + VALUE_HEADER + count;
    }

    private int unescape(byte[] row, int from, int end, int to) {
        if (end - from == 2 && row[from + 1] == 'N') {
            message[to] = 'n';
            return to + 1;
        }
        int at = to + VALUE_HEADER;
        for (int i = from; i < end; i++) {
            byte next = row[i];
            if (next == '\\') {
                i++;
                next = i < end ? unescaped(row[i]) : unescaped((byte) 0);
            }
            message[at++] = next;
        }
        message[to] = 't';
        putInt(to + 1, at - to - VALUE_HEADER);
        return at;
    }

    private byte unescaped(byte letter) {
        return switch (letter) {
            case '\\' -> '\\';
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'v' -> 11;
            default -> throw malformed("a backslash before byte " + letter);
        };
    }

    private void reserve(long needed) {
        if (needed > message.length) {
            message = Arrays.copyOf(
                    message, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * message.length)));
        }
    }

    private void putInt(int at, int value) {
        message[at] = (byte) (value >>> 24);
        message[at + 1] = (byte) (value >>> 16);
        message[at + 2] = (byte) (value >>> 8);
        message[at + 3] = (byte) value;
    }

    private DecodeException malformed(String what) {
        return new DecodeException(
                ErrorCode.DECODE_MALFORMED,
                "a row that COPY sent has " + what + "; table " + table
                        + ". Connect to the server itself, not through a proxy; otherwise report this.");
    }

    /** Returns the buffer that begins with the message. */
    byte[] message() {
        return message;
    }

    /** Returns the message's length in bytes. */
    int length() {
        return length;
    }
}
