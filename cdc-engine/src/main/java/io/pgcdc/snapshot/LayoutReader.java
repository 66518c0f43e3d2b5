package io.pgcdc.snapshot;

import io.pgcdc.catalog.PublishedTables.PublishedTable;
import io.pgcdc.catalog.PublishedTables.SentColumn;
import io.pgcdc.decode.FrameHead;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.decode.RelationMessage;
import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Makes the Relation message that the stream would send for a table now. So a snapshot's rows and later changes have one layout, made by one
 * code.
 */
final class LayoutReader {

    private LayoutReader() {}

    /** Returns the message (PostgreSQL documentation, "Logical Replication Message Formats", Relation). */
    static RelationMessage message(PublishedTable table, List<SentColumn> columns) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(PgOutput.RELATION);
            out.writeInt(table.oid());
            text(out, table.name().schema());
            text(out, table.name().name());
            out.writeByte(table.identity().code());
            out.writeShort(columns.size());
            for (SentColumn column : columns) {
                out.writeByte(column.identity() ? 1 : 0);
                text(out, column.name());
                out.writeInt(column.typeOid());
                out.writeInt(column.typmod());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] message = bytes.toByteArray();
        return new PgOutputDecoder(PgOutput.VERSION).relation(new FrameHead().wrap(0, 0, message, 0, message.length));
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.writeByte(0);
    }

    /** Returns true if rows look alike under both layouts, have the same key, and are published alike. */
    static boolean isAlike(Relation one, Relation other) {
        if (one.columns().size() != other.columns().size()
                || !one.publications().equals(other.publications())
                || !Objects.equals(one.recordIdColumns(), other.recordIdColumns())) {
            return false;
        }
        for (int i = 0; i < one.columns().size(); i++) {
            Column a = one.columns().get(i);
            Column b = other.columns().get(i);
            if (!a.name().equals(b.name()) || a.type().oid() != b.type().oid() || a.typmod() != b.typmod()) {
                return false;
            }
        }
        return true;
    }
}
