package io.pgcdc.queue.disk;

import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableFacts.ColumnFacts;
import io.pgcdc.model.TableName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes a whole layout of a relation as bytes. Its {@link TableFacts} come after the fields of all layouts; older versions of
 * pgcdc did not write them. The name at the source comes last, and only in layouts of tables that share their name.
 * Numbers are big-endian. A text is its UTF-8 length (4) and bytes, with length -1 for null. A list is its count (4, -1 for null)
 * and elements. Fields have the order of the records.
 */
final class RelationCodec {

    /** Deeper trees of types come from damage, not from a server. */
    private static final int MAX_TYPE_DEPTH = 100;

    private RelationCodec() {}

    static byte[] encode(Relation relation) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(relation.version());
            out.writeInt(relation.oid());
            text(out, relation.schema());
            text(out, relation.name());
            out.writeByte(relation.identity().code());
            out.writeInt(relation.columns().size());
            for (Column column : relation.columns()) {
                text(out, column.name());
                type(out, column.type());
                out.writeInt(column.typmod());
                out.writeBoolean(column.identity());
            }
            List<Integer> recordId = relation.recordIdColumns();
            out.writeInt(recordId == null ? -1 : recordId.size());
            if (recordId != null) {
                for (int column : recordId) {
                    out.writeInt(column);
                }
            }
            out.writeInt(relation.publications().size());
            for (Membership membership : relation.publications()) {
                membership(out, membership);
            }
            facts(out, relation.facts());
            TableName real = relation.real();
            if (real != null) {
                text(out, real.schema());
                text(out, real.name());
            }
        } catch (IOException e) {
            throw new AssertionError("in memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param withFacts true if the writer's version had facts
     * @param withRealName true if the table shares its name
     * @throws IOException if the bytes are not one whole relation
     */
    static Relation decode(byte[] bytes, boolean withFacts, boolean withRealName) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int version = in.readInt();
        int oid = in.readInt();
        String schema = text(in);
        String name = text(in);
        ReplicaIdentity identity = identity(in.readByte());
        int columnCount = count(in);
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < columnCount; i++) {
            columns.add(new Column(text(in), type(in, 0), in.readInt(), in.readBoolean()));
        }
        int recordIdCount = countOrNull(in);
        @Nullable List<Integer> recordId = recordIdCount < 0 ? null : new ArrayList<>();
        for (int i = 0; i < recordIdCount && recordId != null; i++) {
            int column = in.readInt();
            if (column < 0 || column >= columnCount) {
                throw new IOException("record_id column " + column + " of " + columnCount);
            }
            recordId.add(column);
        }
        int publicationCount = count(in);
        List<Membership> publications = new ArrayList<>();
        for (int i = 0; i < publicationCount; i++) {
            publications.add(membership(in));
        }
        @Nullable TableFacts facts = withFacts ? facts(in, columnCount) : null;
        @Nullable TableName real = withRealName ? new TableName(text(in), text(in)) : null;
        if (in.available() != 0) {
            throw new IOException(in.available() + " bytes too many");
        }
        return new Relation(version, oid, schema, name, identity, columns, recordId, publications, facts, real);
    }

    private static void facts(DataOutputStream out, @Nullable TableFacts facts) throws IOException {
        out.writeBoolean(facts != null);
        if (facts == null) {
            return;
        }
        out.writeInt(facts.storage());
        out.writeInt(facts.rewrites());
        out.writeInt(facts.lastAttnum());
        out.writeBoolean(facts.partitioned());
        TableFacts.Root root = facts.root();
        out.writeBoolean(root != null);
        if (root != null) {
            out.writeInt(root.oid());
            text(out, root.schema());
            text(out, root.name());
        }
        for (ColumnFacts column : facts.columns()) {
            out.writeBoolean(column != null);
            if (column != null) {
                out.writeInt(column.attnum());
                out.writeInt(column.stamp());
                out.writeBoolean(column.filled());
                text(out, column.missing());
            }
        }
    }

    private static @Nullable TableFacts facts(DataInputStream in, int columnCount) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        int storage = in.readInt();
        int rewrites = in.readInt();
        int lastAttnum = in.readInt();
        boolean partitioned = in.readBoolean();
        TableFacts.Root root = in.readBoolean() ? new TableFacts.Root(in.readInt(), text(in), text(in)) : null;
        List<@Nullable ColumnFacts> columns = new ArrayList<>();
        for (int i = 0; i < columnCount; i++) {
            columns.add(
                    in.readBoolean()
                            ? new ColumnFacts(in.readInt(), in.readInt(), in.readBoolean(), textOrNull(in))
                            : null);
        }
        return new TableFacts(storage, rewrites, lastAttnum, partitioned, root, columns);
    }

    private static void type(DataOutputStream out, PgType type) throws IOException {
        out.writeInt(type.oid());
        text(out, type.name());
        text(out, type.kind().name());
        PgType element = type.element();
        out.writeBoolean(element != null);
        if (element != null) {
            type(out, element);
        }
        out.writeChar(type.delimiter());
        out.writeInt(type.attributes().size());
        for (PgType.Attribute attribute : type.attributes()) {
            text(out, attribute.name());
            type(out, attribute.type());
        }
        text(out, type.extension());
    }

    private static PgType type(DataInputStream in, int depth) throws IOException {
        if (depth > MAX_TYPE_DEPTH) {
            throw new IOException("types nested deeper than " + MAX_TYPE_DEPTH);
        }
        int oid = in.readInt();
        String name = text(in);
        PgType.Kind kind = kind(text(in));
        @Nullable PgType element = in.readBoolean() ? type(in, depth + 1) : null;
        char delimiter = in.readChar();
        int count = count(in);
        List<PgType.Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            attributes.add(new PgType.Attribute(text(in), type(in, depth + 1)));
        }
        return new PgType(oid, name, kind, element, delimiter, attributes, textOrNull(in));
    }

    private static void membership(DataOutputStream out, Membership membership) throws IOException {
        text(out, membership.publication());
        out.writeBoolean(membership.insert());
        out.writeBoolean(membership.update());
        out.writeBoolean(membership.delete());
        out.writeBoolean(membership.truncate());
        text(out, membership.rowFilter());
        List<String> columns = membership.columns();
        out.writeInt(columns == null ? -1 : columns.size());
        if (columns != null) {
            for (String column : columns) {
                text(out, column);
            }
        }
        out.writeBoolean(membership.viaRoot());
    }

    private static Membership membership(DataInputStream in) throws IOException {
        String publication = text(in);
        boolean insert = in.readBoolean();
        boolean update = in.readBoolean();
        boolean delete = in.readBoolean();
        boolean truncate = in.readBoolean();
        @Nullable String rowFilter = textOrNull(in);
        int count = countOrNull(in);
        @Nullable List<String> columns = count < 0 ? null : new ArrayList<>();
        for (int i = 0; i < count && columns != null; i++) {
            columns.add(text(in));
        }
        return new Membership(publication, insert, update, delete, truncate, rowFilter, columns, in.readBoolean());
    }

    private static ReplicaIdentity identity(byte code) throws IOException {
        for (ReplicaIdentity identity : ReplicaIdentity.values()) {
            if (identity.code() == code) {
                return identity;
            }
        }
        throw new IOException("replica identity " + code);
    }

    private static PgType.Kind kind(String name) throws IOException {
        for (PgType.Kind kind : PgType.Kind.values()) {
            if (kind.name().equals(name)) {
                return kind;
            }
        }
        throw new IOException("type kind " + name);
    }

    private static void text(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String text(DataInputStream in) throws IOException {
        String text = textOrNull(in);
        if (text == null) {
            throw new IOException("text is missing");
        }
        return text;
    }

    private static @Nullable String textOrNull(DataInputStream in) throws IOException {
        int length = countOrNull(in);
        return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static int count(DataInputStream in) throws IOException {
        int count = countOrNull(in);
        if (count < 0) {
            throw new IOException("list is missing");
        }
        return count;
    }

    /** Reads a list's count. Each element takes at least one byte, so a larger count than the remaining bytes is damage. */
    private static int countOrNull(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < -1 || count > in.available()) {
            throw new IOException("count " + count + " with " + in.available() + " bytes left");
        }
        return count;
    }
}
