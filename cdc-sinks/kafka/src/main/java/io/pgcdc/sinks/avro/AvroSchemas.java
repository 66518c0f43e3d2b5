package io.pgcdc.sinks.avro;

import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Makes schemas of keys and values. Namespaces are {@code prefix.schema.table}, with names mapped by {@link AvroName}. If the
 * mapping changes a column's name, the property {@code pg_column} has the original name. The property {@code pg_type} has the name
 * of the column's type.
 *
 * <p>In a value, each column may be null, and null is its default. So schemas stay compatible in both directions when a column is
 * added or dropped.
 */
final class AvroSchemas {

    private AvroSchemas() {}

    /** Returns the schema of a key. None of its columns may be null. */
    static Schema key(Relation relation, int[] columns, AvroType[] types, String prefix) {
        List<Schema.Field> fields = new ArrayList<>();
        for (int column : columns) {
            fields.add(field(relation.columns().get(column), types[column].schema(), null));
        }
        return Schema.createRecord(
                "Key", "Key of " + relation.qualifiedName(), namespace(relation, prefix), false, fields);
    }

    /** Returns the schema of a table's change, in the order in which {@link AvroTable} writes. */
    static Schema change(Relation relation, AvroType[] types, String prefix) {
        String namespace = namespace(relation, prefix);
        List<Schema.Field> columns = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            columns.add(field(
                    relation.columns().get(i), AvroTypes.nullable(types[i].schema()), Schema.Field.NULL_DEFAULT_VALUE));
        }
        Schema row = Schema.createRecord("Row", "A row of " + relation.qualifiedName(), namespace, false, columns);
        Schema names = Schema.createArray(string());
        return Schema.createRecord(
                "Change",
                "A change of " + relation.qualifiedName(),
                namespace,
                false,
                List.of(
                        field("position", string(), "Commit LSN and place in the transaction: the change's identity."),
                        field("change_type", string(), "INSERT, UPDATE, DELETE, TRUNCATE or READ."),
                        field("schema_name", string(), null),
                        field("table_name", string(), null),
                        optional("record_id", string(), "Text of the key column, or a JSON array for several."),
                        optional("old_data", row, "The old row, as far as the server sent it."),
                        field(
                                "old_data_is_key",
                                Schema.create(Schema.Type.BOOLEAN),
                                "Only the key's columns of old_data are known; the others are null because they were not sent.",
                                false),
                        optional("new_data", row, "The new row."),
                        optional("changed_fields", names, "Columns whose values differ; null where that is not known."),
                        optional(
                                "unchanged_toast",
                                names,
                                "Columns of new_data that are null because the server left them out: unchanged, and stored"
                                        + " out of line."),
                        field("changed_at", timestamp(), "Time of the commit."),
                        optional("xid", Schema.create(Schema.Type.LONG), "The transaction's id."),
                        field("lsn", string(), "LSN of the change's own record."),
                        optional("cascade", Schema.create(Schema.Type.BOOLEAN), "TRUNCATE: CASCADE."),
                        optional("restart_identity", Schema.create(Schema.Type.BOOLEAN), "TRUNCATE: RESTART IDENTITY."),
                        optional("origin", string(), "The replication origin that the transaction was replayed from."),
                        optional("snapshot", string(), "READ: first, true or last.")));
    }

    static Schema messageKey(String prefix) {
        return Schema.createRecord(
                "MessageKey", null, AvroName.ofDotted(prefix), false, List.of(field("prefix", string(), null)));
    }

    /** Returns the schema of a logical message, in the order in which {@link AvroMessages} writes. */
    static Schema message(String prefix) {
        return Schema.createRecord(
                "Message",
                "A logical message",
                AvroName.ofDotted(prefix),
                false,
                List.of(
                        field("position", string(), "LSN and place in the transaction: the message's identity."),
                        field("prefix", string(), null),
                        field("content", Schema.create(Schema.Type.BYTES), null),
                        field("transactional", Schema.create(Schema.Type.BOOLEAN), null),
                        field("changed_at", timestamp(), "Time of the commit."),
                        optional("xid", Schema.create(Schema.Type.LONG), "The transaction's id."),
                        field("lsn", string(), "LSN of the message's own record."),
                        optional("origin", string(), null)));
    }

    static Schema boundaryKey(String prefix) {
        return Schema.createRecord(
                "TransactionKey", null, AvroName.ofDotted(prefix), false, List.of(field("commit_lsn", string(), null)));
    }

    /** Returns the schema of a transaction's boundary, in the order in which {@link AvroBoundaries} writes. */
    static Schema boundary(String prefix) {
        String namespace = AvroName.ofDotted(prefix);
        Schema count = Schema.createRecord(
                "TableCount",
                null,
                namespace,
                false,
                List.of(field("table", string(), null), field("record_count", Schema.create(Schema.Type.LONG), null)));
        return Schema.createRecord(
                "Transaction",
                "Where a transaction begins or ends",
                namespace,
                false,
                List.of(
                        field("status", string(), "BEGIN or END."),
                        field("commit_lsn", string(), null),
                        field("epoch", Schema.create(Schema.Type.INT), "That of the position.", 0),
                        field("xid", Schema.create(Schema.Type.LONG), "The transaction's id."),
                        field("changed_at", timestamp(), "Time of the commit."),
                        optional("record_count", Schema.create(Schema.Type.LONG), "END: how many records it has."),
                        optional("tables", Schema.createArray(count), "END: the same by table.")));
    }

    private static String namespace(Relation relation, String prefix) {
        String table = AvroName.of(relation.schema()) + "." + AvroName.of(relation.name());
        String before = AvroName.ofDotted(prefix);
        return before.isEmpty() ? table : before + "." + table;
    }

    private static Schema.Field field(Column column, Schema schema, @Nullable Object otherwise) {
        String name = AvroName.of(column.name());
        Schema.Field field = new Schema.Field(name, schema, null, otherwise);
        if (!name.equals(column.name())) {
            field.addProp("pg_column", column.name());
        }
        if (column.type().kind() != PgType.Kind.UNRESOLVED) {
            field.addProp("pg_type", column.type().name());
        }
        return field;
    }

    private static Schema.Field field(String name, Schema schema, @Nullable String doc) {
        return new Schema.Field(name, schema, doc);
    }

    private static Schema.Field field(String name, Schema schema, String doc, Object otherwise) {
        return new Schema.Field(name, schema, doc, otherwise);
    }

    private static Schema.Field optional(String name, Schema schema, @Nullable String doc) {
        return new Schema.Field(name, AvroTypes.nullable(schema), doc, Schema.Field.NULL_DEFAULT_VALUE);
    }

    private static Schema string() {
        return Schema.create(Schema.Type.STRING);
    }

    private static Schema timestamp() {
        return LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    }
}
