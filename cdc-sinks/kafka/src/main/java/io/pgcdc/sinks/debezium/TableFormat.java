package io.pgcdc.sinks.debezium;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the keys and values of one layout of a table. Keeps the bytes that are the same in each record. */
final class TableFormat {

    private static final byte[] START = Envelope.bytes("{");
    private static final byte[] END = Envelope.bytes("}");

    private final TableShape shape;
    private final int[] shown;
    private final int[] key;
    /** The column's name as a JSON key with its colon, by column index. */
    private final byte[][] names;
    /** The JSON for an unchanged TOAST value, by column index. */
    private final byte[][] unavailable;

    private final @Nullable ColumnForm[] forms;

    private final byte[] keyHead;
    private final byte[] keyEnd;
    private final byte[] valueHead;
    private final byte[] sourceNames;

    TableFormat(TableShape shape, boolean schemas) {
        this.shape = shape;
        shown = shape.shown();
        key = shape.key();
        Relation relation = shape.relation();
        List<Column> columns = relation.columns();
        forms = new ColumnForm[columns.size()];
        names = new byte[columns.size()][];
        unavailable = new byte[columns.size()][];
        for (int i = 0; i < columns.size(); i++) {
            ColumnForm form = shape.form(i);
            forms[i] = form;
            names[i] = Envelope.bytes(ConnectSchema.quoted(columns.get(i).name()) + ":");
            unavailable[i] = Envelope.bytes(form == null ? ColumnForm.NULL : form.unavailable());
        }
        sourceNames = Envelope.bytes(",\"schema\":" + ConnectSchema.quoted(relation.schema()) + ",\"table\":"
                + ConnectSchema.quoted(relation.name()) + ",\"txId\":");
        keyHead = Envelope.bytes((schemas ? payload(shape.keySchema()) : "") + "{");
        valueHead = Envelope.bytes((schemas ? payload(shape.valueSchema()) : "") + "{\"before\":");
        keyEnd = Envelope.bytes(schemas ? "}}" : "}");
    }

    TableShape shape() {
        return shape;
    }

    static String payload(ConnectSchema schema) {
        return "{\"schema\":" + schema.json(false, null) + ",\"payload\":";
    }

    /**
     * Appends the key of a change. Returns false, and appends nothing, if the table has no key, or no row contains it.
     *
     * @param old true to append the old key
     * @param inHeader true for the form in headers, without a schema
     */
    boolean appendKey(Change change, boolean old, boolean inHeader, JsonBuffer out) {
        if (!shape.hasKey(change, old)) {
            return false;
        }
        out.append(inHeader ? START : keyHead);
        for (int i = 0; i < key.length; i++) {
            if (i > 0) {
                out.appendByte(',');
            }
            appendColumn(TableShape.keyRow(change, old, key[i]), key[i], inHeader, out);
        }
        out.append(inHeader ? END : keyEnd);
        return true;
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
            appendColumn(TableShape.afterRow(row, old, column), column, false, out);
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
                throw shape.misfit(column, e);
            }
        } else if (state == ValueState.UNCHANGED_TOAST) {
            out.append(unavailable[column]);
        } else {
            out.appendAscii(ColumnForm.NULL);
        }
    }
}
