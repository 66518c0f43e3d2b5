package io.pgcdc.benchmarks;

import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
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

    /** Under the default replica identity: no old row. */
    static byte[] update(int relationOid, List<@Nullable String> newRow) {
        return message('U', out -> {
            out.writeInt(relationOid);
            tuple(out, 'N', newRow);
        });
    }

    /** @param marker of the old row: K for the key, O for the whole */
    static byte[] delete(int relationOid, char marker, List<@Nullable String> oldRow) {
        return message('D', out -> {
            out.writeInt(relationOid);
            tuple(out, marker, oldRow);
        });
    }

    static byte[] truncate(int... relationOids) {
        return message('T', out -> {
            out.writeInt(relationOids.length);
            out.writeByte(1);
            for (int oid : relationOids) {
                out.writeInt(oid);
            }
        });
    }

    static byte[] logicalMessage(String prefix, byte[] content) {
        return message('M', out -> {
            out.writeByte(1);
            out.writeLong(1);
            string(out, prefix);
            out.writeInt(content.length);
            out.write(content);
        });
    }

    static byte[] relation(Relation relation) {
        return message('R', out -> {
            out.writeInt(relation.oid());
            string(out, relation.schema());
            string(out, relation.name());
            out.writeByte('f');
            out.writeShort(relation.columns().size());
            for (Column column : relation.columns()) {
                out.writeByte(column.identity() ? 1 : 0);
                string(out, column.name());
                out.writeInt(column.type().oid());
                out.writeInt(-1);
            }
        });
    }

    private static void string(DataOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.writeByte(0);
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
