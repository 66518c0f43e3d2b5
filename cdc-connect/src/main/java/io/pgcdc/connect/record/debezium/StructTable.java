package io.pgcdc.connect.record.debezium;

import io.pgcdc.connect.record.struct.InnerStruct;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import io.pgcdc.sinks.debezium.ColumnForm;
import io.pgcdc.sinks.debezium.Op;
import io.pgcdc.sinks.debezium.TableShape;
import io.pgcdc.sinks.object.ValueReader;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Makes the keys and values of one layout of a table. For one thread. */
final class StructTable {

    private final TableShape shape;
    private final Relation relation;
    private final int[] shown;
    private final int[] key;
    private final Schema keySchema;
    private final Schema valueSchema;
    private final Schema rowSchema;
    private final Field[] keyFields;
    private final Field[] rowFields;
    private final Field before;
    private final Field after;
    private final EnvelopeStructs.Fields envelope;

    /** Readers of the values, by column index; null for columns that Debezium does not show. */
    private final @Nullable ValueReader[] readers;

    /** The value for an unchanged TOAST value, by column index. */
    private final @Nullable Object[] unavailable;

    StructTable(TableShape shape, EnvelopeStructs envelopes) {
        this.shape = shape;
        relation = shape.relation();
        shown = shape.shown();
        key = shape.key();
        ConnectSchemas schemas = new ConnectSchemas();
        keySchema = schemas.of(shape.keySchema(), false);
        valueSchema = schemas.of(shape.valueSchema(), false);
        before = valueSchema.field("before");
        after = valueSchema.field("after");
        rowSchema = before.schema();
        envelope = envelopes.new Fields(valueSchema);
        keyFields = keySchema.fields().toArray(Field[]::new);
        rowFields = rowSchema.fields().toArray(Field[]::new);
        readers = new ValueReader[relation.columns().size()];
        unavailable = new Object[readers.length];
        for (int i = 0; i < shown.length; i++) {
            ColumnForm form = Objects.requireNonNull(shape.form(shown[i]));
            Schema schema = rowFields[i].schema();
            readers[shown[i]] = StructReader.of(schema, form.objects());
            unavailable[shown[i]] = Placeholder.of(schema, form.unavailable());
        }
    }

    /**
     * Returns the key of a change, or null if the table has no key, or no row contains it.
     *
     * @param old true for the old key
     */
    @Nullable
    SchemaAndValue key(Change change, boolean old) {
        if (!shape.hasKey(change, old)) {
            return null;
        }
        Struct struct = new Struct(keySchema);
        for (int i = 0; i < key.length; i++) {
            put(TableShape.keyRow(change, old, key[i]), key[i], keyFields[i], struct);
        }
        return new SchemaAndValue(keySchema, struct);
    }

    SchemaAndValue value(Change change, Op op) {
        RowChange row = change.row();
        RowView old = row == null ? null : row.oldRow();
        RowView now = row == null ? null : row.newRow();
        Struct value = new Struct(valueSchema);
        if (op.hasBefore() && old != null) {
            value.put(before, row(old, null));
        }
        if (op.hasAfter() && now != null) {
            value.put(after, row(now, old));
        }
        envelope.put(change, relation.schema(), relation.name(), op.code(), value);
        return new SchemaAndValue(valueSchema, value);
    }

    /** @param old the old row, which may have the unchanged TOAST values that the row lacks; null if there is none */
    private Struct row(RowView row, @Nullable RowView old) {
        Struct struct = new InnerStruct(rowSchema);
        for (int i = 0; i < shown.length; i++) {
            put(TableShape.afterRow(row, old, shown[i]), shown[i], rowFields[i], struct);
        }
        return struct;
    }

    private void put(@Nullable RowView row, int column, Field field, Struct to) {
        Object value = row == null ? null : value(row, column);
        if (value != null) {
            to.put(field, value);
        } else if (!field.schema().isOptional()) {
            throw shape.misfit(
                    column,
                    new DecodeException(
                            ErrorCode.TYPE_UNREADABLE,
                            "a key's column has no value: it is NaN or infinite, which "
                                    + field.schema().name()
                                    + " cannot be, or the server did not send it. Write decimal_handling_mode: string, or"
                                    + " values: bytes"));
        }
    }

    private @Nullable Object value(RowView row, int column) {
        ValueReader reader = readers[column];
        ValueState state = row.state(column);
        if (state == ValueState.TEXT && reader != null) {
            try {
                return reader.read(row.buffer(column), row.offset(column), row.length(column));
            } catch (DecodeException e) {
                throw shape.misfit(column, e);
            }
        }
        return state == ValueState.UNCHANGED_TOAST ? unavailable[column] : null;
    }
}
