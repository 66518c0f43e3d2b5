package io.pgcdc.decode;

/**
 * Type: names a type that is not built in, before a Relation uses it.
 *
 * <pre>
 *  0        1         5
 *  +--------+---------+-----------+--------+
 *  | 'Y'    | oid     | namespace | name     both zero-terminated
 *  +--------+---------+-----------+--------+
 * </pre>
 */
public final class TypeMessage {

    private int oid;
    private String namespace = "";
    private String name = "";

    TypeMessage read(MessageReader reader) {
        oid = reader.readInt();
        namespace = reader.readString();
        name = reader.readString();
        reader.requireEnd();
        return this;
    }

    public int oid() {
        return oid;
    }

    /** Returns the schema; empty for pg_catalog. */
    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }
}
