package io.pgcdc.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes pgoutput messages as a server would (PostgreSQL documentation, "Logical Replication Message Formats"). */
final class MessageWriter {

    private MessageWriter() {}

    /** What goes into one message. */
    private interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    static byte[] begin(long commitLsn, long commitTimeMicros, int xid) {
        return message('B', out -> {
            out.writeLong(commitLsn);
            out.writeLong(commitTimeMicros);
            out.writeInt(xid);
        });
    }

    static byte[] commit(long commitLsn, long endLsn, long commitTimeMicros) {
        return message('C', out -> {
            out.writeByte(0);
            out.writeLong(commitLsn);
            out.writeLong(endLsn);
            out.writeLong(commitTimeMicros);
        });
    }

    static byte[] insert(int relationOid, List<@Nullable String> row) {
        return message('I', out -> {
            out.writeInt(relationOid);
            tuple(out, 'N', row);
        });
    }

    /** With the whole old row, as under REPLICA IDENTITY FULL. */
    static byte[] update(int relationOid, List<@Nullable String> oldRow, List<@Nullable String> newRow) {
        return message('U', out -> {
            out.writeInt(relationOid);
            tuple(out, 'O', oldRow);
            tuple(out, 'N', newRow);
        });
    }

    private static void tuple(DataOutputStream out, char marker, List<@Nullable String> row) throws IOException {
        out.writeByte(marker);
        out.writeShort(row.size());
        for (String value : row) {
            if (value == null) {
                out.writeByte('n');
            } else {
                byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
                out.writeByte('t');
                out.writeInt(utf8.length);
                out.write(utf8);
            }
        }
    }

    private static byte[] message(char type, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(type);
            content.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
        return bytes.toByteArray();
    }
}
