package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.json.bytes.JsonBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Sends rows by {@code COPY … FROM STDIN (FORMAT binary)} (PostgreSQL documentation, "COPY", Binary Format):
 *
 * <pre>
 *   header   "PGCOPY\n\377\r\n\0"  int32 flags = 0  int32 extension length = 0
 *   row      int16 fields  { int32 length | -1 for null, bytes } …
 *   trailer  int16 -1
 * </pre>
 *
 * Build a row in {@link #rows}, with the static methods for its fields. For one thread.
 */
public final class BinaryCopy {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final byte[] ZEROS = new byte[8];
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int MOST_KEPT_BYTES = 8 * 1024 * 1024;

    private final String sql;
    private JsonBuffer rows = new JsonBuffer(CHUNK_BYTES * 2, Integer.MAX_VALUE);
    private @Nullable CopyIn copy;
    private long bytes;

    /** @param sql the COPY statement */
    public BinaryCopy(String sql) {
        this.sql = sql;
    }

    /** Returns the buffer of rows. It must hold only complete rows when {@link #rowAdded} is called. */
    public JsonBuffer rows() {
        return rows;
    }

    /** Returns the size in bytes of all rows added so far, sent or not. */
    public long bytes() {
        return bytes + rows.length();
    }

    /** Call this after each row. Sends the rows if they fill a chunk of 64 KiB. */
    public void rowAdded(Connection connection) throws SQLException {
        if (rows.length() >= CHUNK_BYTES) {
            write(connection);
        }
    }

    private void write(Connection connection) throws SQLException {
        CopyIn current = copy;
        if (current == null) {
            current = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
            copy = current;
            current.writeToCopy(HEADER, 0, HEADER.length);
        }
        current.writeToCopy(rows.array(), 0, rows.length());
        bytes += rows.length();
        rows.clear();
        if (rows.array().length > MOST_KEPT_BYTES) {
            rows = new JsonBuffer(CHUNK_BYTES * 2, Integer.MAX_VALUE); // do not keep the memory of one large row
        }
    }

    /** Sends the remaining rows and ends the COPY, if one is open. Returns after the server has accepted every row. */
    public void end(Connection connection) throws SQLException {
        if (rows.length() > 0) {
            write(connection);
        }
        CopyIn current = copy;
        if (current != null) {
            copy = null;
            byte[] trailer = {(byte) 0xFF, (byte) 0xFF};
            current.writeToCopy(trailer, 0, trailer.length);
            current.endCopy();
        }
    }

    /** Cancels the COPY. The transaction must be rolled back to a point before it. */
    public void cancel() {
        rows.clear();
        CopyIn current = copy;
        copy = null;
        if (current != null && current.isActive()) {
            try {
                current.cancelCopy();
            } catch (SQLException e) {
                // the connection is lost, and the COPY with it
            }
        }
    }

    /** Starts a row. */
    public static void startRow(JsonBuffer out, int fields) {
        out.appendByte(fields >>> 8).appendByte(fields);
    }

    /** Starts a field of unknown length. Returns its start: pass it to {@link #endField}. */
    public static int startField(JsonBuffer out) {
        out.append(ZEROS, 0, Integer.BYTES);
        return out.length();
    }

    public static void endField(JsonBuffer out, int start) {
        INT.set(out.array(), start - Integer.BYTES, out.length() - start);
    }

    public static void field(JsonBuffer out, byte[] value) {
        appendInt(out, value.length);
        out.append(value);
    }

    public static void nullField(JsonBuffer out) {
        appendInt(out, -1);
    }

    public static void intField(JsonBuffer out, int value) {
        appendInt(out, Integer.BYTES);
        appendInt(out, value);
    }

    public static void longField(JsonBuffer out, long value) {
        appendInt(out, Long.BYTES);
        out.append(ZEROS, 0, Long.BYTES);
        LONG.set(out.array(), out.length() - Long.BYTES, value);
    }

    /** Overwrites an int at an offset of the buffer. */
    public static void setInt(JsonBuffer out, int at, int value) {
        INT.set(out.array(), at, value);
    }

    public static void appendInt(JsonBuffer out, int value) {
        out.append(ZEROS, 0, Integer.BYTES);
        INT.set(out.array(), out.length() - Integer.BYTES, value);
    }
}
