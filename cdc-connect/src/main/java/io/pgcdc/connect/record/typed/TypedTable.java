package io.pgcdc.connect.record.typed;

import io.pgcdc.connect.record.struct.InnerStruct;
import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.RecordId;
import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import io.pgcdc.sinks.avro.AvroOptions;
import io.pgcdc.sinks.avro.AvroTable;
import io.pgcdc.sinks.object.ValueReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Makes the keys and values of one layout of a table. For one thread. */
final class TypedTable {

    private final Relation relation;
    private final AvroTable avro;
    private final int[] key;
    private final Schema keySchema;
    private final Schema valueSchema;
    private final List<Field> keyFields;
    private final ValueReader[] readers;
    private final Head head;
    private final TruncateFields truncate;
    private final RecordId recordId;
    private final Field schemaName;
    private final Field tableName;
    private final Field changeType;
    private final Field recordIdField;
    private final RowFields oldData;
    private final Field oldDataIsKey;
    private final RowFields newData;
    private final Field changedFields;
    private final Field unchangedToast;
    private final Field snapshot;
    private final JsonBuffer scratch = new JsonBuffer();

    /** @param key indexes of the key's columns, in the key's order; may be empty */
    TypedTable(Relation relation, int[] key, AvroOptions options) {
        this.relation = relation;
        this.key = key.clone();
        avro = new AvroTable(relation, key, options);
        AvroToConnect schemas = new AvroToConnect();
        keySchema = schemas.of(avro.keySchema());
        valueSchema = schemas.of(avro.valueSchema());
        keyFields = keySchema.fields();
        oldData = new RowFields(valueSchema.field("old_data"));
        newData = new RowFields(valueSchema.field("new_data"));
        readers = new ValueReader[relation.columns().size()];
        List<ValueReader> values = avro.readers();
        for (int i = 0; i < readers.length; i++) {
            readers[i] = ConnectDates.of(oldData.columns[i].schema(), values.get(i));
        }
        head = new Head(valueSchema);
        truncate = new TruncateFields(valueSchema);
        recordId = new RecordId(relation);
        schemaName = valueSchema.field("schema_name");
        tableName = valueSchema.field("table_name");
        changeType = valueSchema.field("change_type");
        recordIdField = valueSchema.field("record_id");
        oldDataIsKey = valueSchema.field("old_data_is_key");
        changedFields = valueSchema.field("changed_fields");
        unchangedToast = valueSchema.field("unchanged_toast");
        snapshot = valueSchema.field("snapshot");
    }

    /** A field for a row, and the row's fields by column index. */
    private static final class RowFields {

        private final Field field;
        private final Schema schema;
        private final Field[] columns;

        RowFields(Field field) {
            this.field = field;
            schema = field.schema();
            columns = schema.fields().toArray(Field[]::new);
        }
    }

    private record TruncateFields(Field cascade, Field restartIdentity) {

        TruncateFields(Schema value) {
            this(value.field("cascade"), value.field("restart_identity"));
        }
    }

    /** Returns the key of a change, or null if it has none. */
    @Nullable
    SchemaAndValue key(Change change) {
        if (!avro.hasKey(change)) {
            return null;
        }
        Struct struct = new Struct(keySchema);
        for (int i = 0; i < key.length; i++) {
            RowView row = Objects.requireNonNull(AvroTable.keyRow(change, key[i]));
            struct.put(keyFields.get(i), value(row, key[i]));
        }
        return new SchemaAndValue(keySchema, struct);
    }

    SchemaAndValue value(Change change) {
        RowChange row = change.row();
        RowView before = row == null ? null : row.oldRow();
        RowView after = row == null ? null : row.newRow();
        Struct value = new Struct(valueSchema);
        head.put(change, value);
        value.put(changeType, change.kind().name());
        value.put(schemaName, relation.schema());
        value.put(tableName, relation.name());
        scratch.clear();
        if (recordId.appendText(change, scratch)) {
            value.put(recordIdField, scratch.toString());
        }
        put(before, oldData, value);
        value.put(oldDataIsKey, before != null && has(before, ValueState.NOT_SENT));
        put(after, newData, value);
        if (row != null && row.changedFieldsKnown()) {
            value.put(changedFields, columns(row::isChanged));
        }
        if (after != null && has(after, ValueState.UNCHANGED_TOAST)) {
            value.put(unchangedToast, columns(c -> after.state(c) == ValueState.UNCHANGED_TOAST));
        }
        if (change.truncate() != null) {
            value.put(truncate.cascade, change.truncate().cascade());
            value.put(truncate.restartIdentity, change.truncate().restartIdentity());
        }
        if (change.snapshot() != null) {
            value.put(snapshot, AvroTable.snapshot(change.snapshot()));
        }
        return new SchemaAndValue(valueSchema, value);
    }

    private void put(@Nullable RowView row, RowFields to, Struct value) {
        if (row == null) {
            return;
        }
        Struct struct = new InnerStruct(to.schema);
        for (int i = 0; i < readers.length; i++) {
            if (row.state(i) == ValueState.TEXT) {
                struct.put(to.columns[i], value(row, i));
            }
        }
        value.put(to.field, struct);
    }

    private @Nullable Object value(RowView row, int column) {
        try {
            return readers[column].read(row.buffer(column), row.offset(column), row.length(column));
        } catch (DecodeException e) {
            throw avro.misfit(column, e);
        }
    }

    private boolean has(RowView row, ValueState state) {
        for (int i = 0; i < readers.length; i++) {
            if (row.state(i) == state) {
                return true;
            }
        }
        return false;
    }

    /** Returns the names of the columns that meet the condition. */
    private List<String> columns(IntPredicate condition) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < readers.length; i++) {
            if (condition.test(i)) {
                names.add(relation.columns().get(i).name());
            }
        }
        return names;
    }
}
