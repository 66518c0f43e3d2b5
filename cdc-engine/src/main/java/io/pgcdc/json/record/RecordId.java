package io.pgcdc.json.record;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the record_id of one relation's changes: the key column cast to text, or a JSON array of the values if the key has several
 * columns. The values come from the new row if there is one, else from the old row. If the new row lacks a key column as
 * UNCHANGED_TOAST, its value comes from the old row.
 *
 * <p>Created once per relation and kept. Belongs to one thread.
 */
public final class RecordId {

    private final int[] columns;
    private final TextCast cast;
    private final RowEncoder encoder;
    private final JsonBuffer array = new JsonBuffer(64, Integer.MAX_VALUE);

    public RecordId(RowEncoder encoder) {
        List<Integer> key = encoder.relation().recordIdColumns();
        this.columns = key == null
                ? new int[0]
                : key.stream().mapToInt(Integer::intValue).toArray();
        this.cast = columns.length == 1
                ? TextCast.of(encoder.relation().columns().get(columns[0]).type())
                : TextCast.SAME;
        this.encoder = encoder;
    }

    public RecordId(Relation relation) {
        this(new RowEncoder(relation));
    }

    /**
     * Appends the record_id as a JSON string, or null if the change has none.
     *
     * @throws DecodeException if a key value's text does not fit its type
     */
    public void append(Change change, JsonBuffer out) {
        if (!isKnown(change)) {
            out.append(Ascii.NULL);
        } else if (columns.length == 1) {
            array.clear();
            appendOnly(change, array);
            out.appendString(array.array(), 0, array.length());
        } else {
            array.clear();
            appendArray(change, array);
            out.appendString(array.array(), 0, array.length());
        }
    }

    /**
     * Appends the record_id as plain text, for a message key.
     *
     * @return false if the change has none; nothing is appended then
     * @throws DecodeException if a key value's text does not fit its type
     */
    public boolean appendText(Change change, JsonBuffer out) {
        if (!isKnown(change)) {
            return false;
        }
        if (columns.length == 1) {
            appendOnly(change, out);
        } else {
            appendArray(change, out);
        }
        return true;
    }

    private void appendOnly(Change change, JsonBuffer out) {
        RowView row = row(change, columns[0]);
        cast.append(row.buffer(columns[0]), row.offset(columns[0]), row.length(columns[0]), out);
    }

    private boolean isKnown(Change change) {
        for (int column : columns) {
            if (find(change, column) == null) {
                return false;
            }
        }
        return columns.length > 0;
    }

    private void appendArray(Change change, JsonBuffer out) {
        for (int i = 0; i < columns.length; i++) {
            out.appendByte(i == 0 ? '[' : ',');
            encoder.appendValue(row(change, columns[i]), columns[i], out);
        }
        out.appendByte(']');
    }

    private static RowView row(Change change, int column) {
        RowView row = find(change, column);
        if (row == null) {
            throw new IllegalStateException("no row has the key column, but the check before found one");
        }
        return row;
    }

    /** Returns the row that has the key column's value, or null. */
    private static @Nullable RowView find(Change change, int column) {
        RowChange row = change.row();
        if (row == null) {
            return null;
        }
        RowView oldRow = row.oldRow();
        RowView newRow = row.newRow();
        if (newRow != null && newRow.state(column) != ValueState.UNCHANGED_TOAST) {
            return newRow.state(column) == ValueState.TEXT ? newRow : null;
        }
        return oldRow != null && oldRow.state(column) == ValueState.TEXT ? oldRow : null;
    }
}
