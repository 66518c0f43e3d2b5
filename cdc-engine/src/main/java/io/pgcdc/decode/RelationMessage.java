package io.pgcdc.decode;

import io.pgcdc.error.DecodeException;
import io.pgcdc.model.ReplicaIdentity;
import java.util.ArrayList;
import java.util.List;

/**
 * Relation: a table's layout. Sent before the table's first row on a connection, and again after each change of the layout.
 *
 * <pre>
 *  0        1         5
 *  +--------+---------+-----------+--------+----------+---------+
 *  | 'R'    | oid     | namespace | name   | identity | columns |  then for each column:
 *  +--------+---------+-----------+--------+----------+---------+
 *                       zero-terminated      1 byte     2 bytes
 *  +--------+--------+----------+--------+
 *  | flags  | name   | type oid | typmod |
 *  +--------+--------+----------+--------+
 *    1 byte   zero-t.  4 bytes    4 bytes
 * </pre>
 */
public final class RelationMessage {

    private static final int IDENTITY_FLAG = 1;

    /** One column in the message. */
    public record ColumnLayout(String name, int typeOid, int typmod, boolean identity) {}

    private int oid;
    private String namespace = "";
    private String name = "";
    private ReplicaIdentity identity = ReplicaIdentity.DEFAULT;
    private List<ColumnLayout> columns = List.of();

    RelationMessage read(MessageReader reader) {
        oid = reader.readInt();
        String schema = reader.readString();
        namespace = schema.isEmpty() ? "pg_catalog" : schema;
        name = reader.readString();
        identity = readIdentity(reader);
        int count = reader.readUnsignedShort();
        List<ColumnLayout> layouts = new ArrayList<>(Math.min(count, reader.remaining()));
        for (int i = 0; i < count; i++) {
            int flags = reader.readByte();
            String column = reader.readString();
            int typeOid = reader.readInt();
            layouts.add(new ColumnLayout(column, typeOid, reader.readInt(), (flags & IDENTITY_FLAG) != 0));
        }
        reader.requireEnd();
        columns = layouts;
        return this;
    }

    private static ReplicaIdentity readIdentity(MessageReader reader) throws DecodeException {
        char code = (char) (reader.readByte() & 0xFF);
        try {
            return ReplicaIdentity.of(code);
        } catch (IllegalArgumentException e) {
            throw reader.malformed("replica identity code " + (int) code + " is unknown");
        }
    }

    public int oid() {
        return oid;
    }

    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    public ReplicaIdentity identity() {
        return identity;
    }

    /** Returns a new list, which outlives the message. */
    public List<ColumnLayout> columns() {
        return columns;
    }
}
