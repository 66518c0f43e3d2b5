package io.pgcdc.sinks.debezium;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the keys and values of one layout of a table. Keeps its visible columns, their forms, the key and the schemas. */
final class TableFormat {

    private static final byte[] START = Envelope.bytes("{");
    private static final byte[] END = Envelope.bytes("}");

    private final Relation relation;
    private final @Nullable ColumnForm[] forms;
    /** Indexes of the columns that Debezium shows, in the table's order. */
    private final int[] shown;
    /** Indexes of the key's columns that Debezium shows, in the key's order. */
    private final int[] key;
    /** The column's name as a JSON key with its colon, by column index. */
    private final byte[][] names;
    /** The JSON for an unchanged TOAST value, by column index. */
    private final byte[][] unavailable;

    private final byte[] keyHead;
    private final byte[] keyEnd;
    private final byte[] valueHead;
    private final byte[] sourceNames;

    /** @param topic the table's topic, which is also the first part of its schemas' names */
    TableFormat(Relation relation, List<Integer> keyColumns, String topic, ColumnForms chosen, boolean schemas) {
        this.relation = relation;
        List<Column> columns = relation.columns();
        forms = new ColumnForm[columns.size()];
        names = new byte[columns.size()][];
        unavailable = new byte[columns.size()][];
        List<Integer> known = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            ColumnForm form = chosen.of(columns.get(i));
            forms[i] = form;
            names[i] = Envelope.bytes(ConnectSchema.quoted(columns.get(i).name()) + ":");
            unavailable[i] = Envelope.bytes(form == null ? ColumnForm.NULL : form.unavailable());
            if (form != null) {
                known.add(i);
            }
        }
        shown = known.stream().mapToInt(Integer::intValue).toArray();
        key = keyColumns.stream()
                .filter(known::contains)
                .mapToInt(Integer::intValue)
                .toArray();
        sourceNames = Envelope.bytes(",\"schema\":" + ConnectSchema.quoted(relation.schema()) + ",\"table\":"
                + ConnectSchema.quoted(relation.name()) + ",\"txId\":");
        String keyStart = "{";
        String valueStart = "{\"before\":";
        if (schemas) {
            keyStart = payload(struct(key).named(topic + ".Key").json(false, null)) + keyStart;
            valueStart = payload(Envelope.schema(struct(shown).named(topic + ".Value"), topic)) + valueStart;
        }
        keyHead = Envelope.bytes(keyStart);
        valueHead = Envelope.bytes(valueStart);
        keyEnd = Envelope.bytes(schemas ? "}}" : "}");
    }

    static String payload(String schema) {
        return "{\"schema\":" + schema + ",\"payload\":";
    }

    private ConnectSchema struct(int[] columns) {
        List<Integer> identity = relation.recordIdColumns() == null ? List.of() : relation.recordIdColumns();
        List<String> fields = new ArrayList<>();
        for (int column : columns) {
            ColumnForm form = forms[column];
            if (form != null) {
                fields.add(form.schema()
                        .json(
                                !identity.contains(column),
                                relation.columns().get(column).name()));
            }
        }
        return ConnectSchema.struct(fields);
    }

    /** Returns true if the update's old row shows another text in a column of the key. */
    boolean differsInKey(Change change) {
        RowChange row = change.row();
        return row != null && RowView.differ(row.oldRow(), row.newRow(), key);
    }

    /**
     * Appends the key of a change. Returns false, and appends nothing, if the table has no key, or no row contains it.
     *
     * @param old true to append the old key
     * @param inHeader true for the form in headers, without a schema
     */
    boolean appendKey(Change change, boolean old, boolean inHeader, JsonBuffer out) {
        for (int column : key) {
            if (row(change, old, column) == null) {
                return false;
            }
        }
        if (key.length == 0) {
            return false;
        }
        out.append(inHeader ? START : keyHead);
        for (int i = 0; i < key.length; i++) {
            if (i > 0) {
                out.appendByte(',');
            }
            appendColumn(row(change, old, key[i]), key[i], inHeader, out);
        }
        out.append(inHeader ? END : keyEnd);
        return true;
    }

    /** Returns the row in which the column is known: it has a value or is SQL NULL. Returns null if no row has it. */
    private static @Nullable RowView row(Change change, boolean old, int column) {
        RowChange both = change.row();
        RowView before = both == null ? null : both.oldRow();
        RowView after = both == null || old ? null : both.newRow();
        RowView row = after != null && after.state(column) != ValueState.UNCHANGED_TOAST ? after : before;
        ValueState state = row == null ? ValueState.NOT_SENT : row.state(column);
        return state == ValueState.TEXT || state == ValueState.NULL ? row : null;
    }

    void appendValue(Change change, Op op, Envelope envelope, JsonBuffer out) {
        RowChange row = change.row();
        RowView before = row == null ? null : row.oldRow();
        RowView after = row == null ? null : row.newRow();
        out.append(valueHead);
        appendRow(op.hasBefore() ? before : null, null, out);
        out.appendAscii(",\"after\":");
        appendRow(op.hasAfter() ? after : null, before, out);
        out.appendByte(',');
        envelope.appendSource(change, sourceNames, out);
        envelope.appendOp(op, out);
        out.append(keyEnd);
    }

    /**
     * Appends a row as an object.
     *
     * @param row null to append null
     * @param old the old row, which may have the unchanged TOAST values that the row lacks; null if there is none
     */
    private void appendRow(@Nullable RowView row, @Nullable RowView old, JsonBuffer out) {
        if (row == null) {
            out.appendAscii(ColumnForm.NULL);
            return;
        }
        int before = '{';
        for (int column : shown) {
            out.appendByte(before);
            boolean fromOld = old != null
                    && row.state(column) == ValueState.UNCHANGED_TOAST
                    && old.state(column) == ValueState.TEXT;
            appendColumn(fromOld ? old : row, column, false, out);
            before = ',';
        }
        if (before == '{') {
            out.appendByte(before);
        }
        out.append(END);
    }

    private void appendColumn(@Nullable RowView row, int column, boolean inHeader, JsonBuffer out) {
        out.append(names[column]);
        ColumnForm form = forms[column];
        ValueState state = row == null ? ValueState.NOT_SENT : row.state(column);
        if (row != null && form != null && state == ValueState.TEXT) {
            try {
                (inHeader ? form.inHeaders() : form.values())
                        .append(row.buffer(column), row.offset(column), row.length(column), out);
            } catch (DecodeException e) {
                throw new DecodeException(
                        e.code(),
                        "column \"" + relation.columns().get(column).name() + "\" of " + relation.qualifiedName() + ": "
                                + e.getMessage());
            }
        } else if (state == ValueState.UNCHANGED_TOAST) {
            out.append(unavailable[column]);
        } else {
            out.appendAscii(ColumnForm.NULL);
        }
    }
}
