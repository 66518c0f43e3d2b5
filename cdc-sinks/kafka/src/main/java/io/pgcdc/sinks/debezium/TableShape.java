package io.pgcdc.sinks.debezium;

import io.pgcdc.error.DecodeException;
import io.pgcdc.model.Change;
import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One layout of a table as Debezium shows it: the columns that it knows, their forms, the key, and the schemas. Immutable. */
public final class TableShape {

    private final Relation relation;
    private final @Nullable ColumnForm[] forms;
    private final int[] shown;
    private final int[] key;
    private final ConnectSchema keySchema;
    private final ConnectSchema valueSchema;

    /** @param topic the table's topic, which is also the first part of its schemas' names */
    TableShape(Relation relation, List<Integer> keyColumns, String topic, ColumnForms chosen) {
        this.relation = relation;
        List<Column> columns = relation.columns();
        forms = new ColumnForm[columns.size()];
        List<Integer> known = new ArrayList<>();
        for (int i = 0; i < forms.length; i++) {
            forms[i] = chosen.of(columns.get(i));
            if (forms[i] != null) {
                known.add(i);
            }
        }
        shown = known.stream().mapToInt(Integer::intValue).toArray();
        key = keyColumns.stream()
                .filter(known::contains)
                .mapToInt(Integer::intValue)
                .toArray();
        keySchema = struct(key).named(topic + ".Key");
        valueSchema = Envelope.schema(struct(shown).named(topic + ".Value"), topic);
    }

    private ConnectSchema struct(int[] columns) {
        List<Integer> identity = relation.recordIdColumns() == null ? List.of() : relation.recordIdColumns();
        List<ConnectSchema.Field> fields = new ArrayList<>();
        for (int column : columns) {
            ColumnForm form = forms[column];
            if (form != null) {
                fields.add(form.schema()
                        .field(
                                !identity.contains(column),
                                relation.columns().get(column).name()));
            }
        }
        return ConnectSchema.struct(fields);
    }

    public Relation relation() {
        return relation;
    }

    /** Returns the indexes of the columns that Debezium shows, in the table's order. They are the fields of a row. */
    public int[] shown() {
        return shown.clone();
    }

    /** Returns the indexes of the key's columns that Debezium shows, in the key's order. They are the fields of the key. */
    public int[] key() {
        return key.clone();
    }

    /** Returns the form of a column's values, or null if Debezium does not show the column. */
    public @Nullable ColumnForm form(int column) {
        return forms[column];
    }

    /** Returns the schema of a key. It has no fields if the table has no key. */
    public ConnectSchema keySchema() {
        return keySchema;
    }

    /** Returns the schema of a value: the envelope with {@code before} and {@code after}. */
    public ConnectSchema valueSchema() {
        return valueSchema;
    }

    /** Returns true if the update's old row shows another text in a column of the key. */
    boolean differsInKey(Change change) {
        RowChange row = change.row();
        return row != null && RowView.differ(row.oldRow(), row.newRow(), key);
    }

    /** Returns the error of a value of the column, with the column's name. */
    public DecodeException misfit(int column, DecodeException e) {
        return new DecodeException(
                e.code(),
                "column \"" + relation.columns().get(column).name() + "\" of " + relation.qualifiedName() + ": "
                        + e.getMessage());
    }

    /**
     * Returns true if a row contains the key. If so, {@link #keyRow} returns a row for each column of the key.
     *
     * @param old true for the old key
     */
    public boolean hasKey(Change change, boolean old) {
        for (int column : key) {
            if (keyRow(change, old, column) == null) {
                return false;
            }
        }
        return key.length > 0;
    }

    /** Returns the row in which the column is known: it has a value or is SQL NULL. Returns null if no row has it. */
    public static @Nullable RowView keyRow(Change change, boolean old, int column) {
        RowChange both = change.row();
        RowView before = both == null ? null : both.oldRow();
        RowView after = both == null || old ? null : both.newRow();
        RowView row = after != null && after.state(column) != ValueState.UNCHANGED_TOAST ? after : before;
        ValueState state = row == null ? ValueState.NOT_SENT : row.state(column);
        return state == ValueState.TEXT || state == ValueState.NULL ? row : null;
    }

    /**
     * Returns the row that has the column's value for {@code after}: the old row, if the server left an unchanged TOAST value out of the new one.
     *
     * @param old null if there is no old row
     */
    public static RowView afterRow(RowView row, @Nullable RowView old, int column) {
        return old != null && row.state(column) == ValueState.UNCHANGED_TOAST && old.state(column) == ValueState.TEXT
                ? old
                : row;
    }
}
