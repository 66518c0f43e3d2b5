package io.pgcdc.json;

import io.pgcdc.error.DecodeException;
import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.util.List;

/** Writes the rows of one relation as JSON objects. Made once a relation and kept. Belongs to one thread. */
public final class RowEncoder {

    private final Relation relation;
    private final byte[][] names;
    private final ValueEncoder[] values;

    /** @throws DecodeException when a column's types are nested too deep */
    public RowEncoder(Relation relation) {
        this.relation = relation;
        List<Column> columns = relation.columns();
        this.names = new byte[columns.size()][];
        this.values = new ValueEncoder[columns.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = Keys.name(columns.get(i).name());
            values[i] = ValueEncoder.of(columns.get(i).type());
        }
    }

    public Relation relation() {
        return relation;
    }

    /**
     * Appends {@code {"column":value,...}} with the columns whose value is known, null or not: those in state UNCHANGED_TOAST or
     * NOT_SENT are left out.
     *
     * @throws DecodeException when a text does not fit its column's type; {@code out} then holds an unfinished object
     */
    public void append(RowView row, JsonBuffer out) {
        char before = '{';
        for (int i = 0; i < names.length; i++) {
            ValueState state = row.state(i);
            if (state == ValueState.TEXT || state == ValueState.NULL) {
                out.appendByte(before).append(names[i]).appendByte(':');
                appendValue(row, i, out);
                before = ',';
            }
        }
        if (before == '{') {
            out.appendByte('{');
        }
        out.appendByte('}');
    }

    /** Appends the value of a column in state TEXT, and null for any other. */
    public void appendValue(RowView row, int column, JsonBuffer out) {
        if (row.state(column) != ValueState.TEXT) {
            out.append(Ascii.NULL);
            return;
        }
        try {
            values[column].encode(row.buffer(column), row.offset(column), row.length(column), out);
        } catch (DecodeException e) {
            String name = relation.columns().get(column).name();
            throw new DecodeException(
                    e.code(), "column \"" + name + "\" of " + relation.qualifiedName() + ": " + e.getMessage());
        }
    }

    /** Appends a column's name as a JSON string. */
    public void appendName(int column, JsonBuffer out) {
        out.append(names[column]);
    }
}
