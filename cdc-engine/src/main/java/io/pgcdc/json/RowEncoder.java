package io.pgcdc.json;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the rows of one relation as JSON objects. Made once a relation and kept. Belongs to one thread. */
public final class RowEncoder {

    private static final Logger LOG = LoggerFactory.getLogger(RowEncoder.class);

    private final Relation relation;
    private final byte[][] names;
    /** Each name as a key, behind an opening brace or a comma. */
    private final byte[][] firstKeys;

    private final byte[][] nextKeys;
    private final ValueEncoder[] values;
    private final boolean[] warned;

    /** @throws DecodeException when a column's types are nested too deep */
    public RowEncoder(Relation relation) {
        this.relation = relation;
        List<Column> columns = relation.columns();
        this.names = new byte[columns.size()][];
        this.firstKeys = new byte[columns.size()][];
        this.nextKeys = new byte[columns.size()][];
        this.values = new ValueEncoder[columns.size()];
        this.warned = new boolean[columns.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = Keys.name(columns.get(i).name());
            firstKeys[i] = Keys.key("{", columns.get(i).name());
            nextKeys[i] = Keys.key(",", columns.get(i).name());
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
     * @return whether a column was left out as UNCHANGED_TOAST
     * @throws DecodeException when a text does not fit its column's type; {@code out} then holds an unfinished object
     */
    public boolean append(RowView row, JsonBuffer out) {
        byte[][] keys = firstKeys;
        boolean unchangedToast = false;
        for (int i = 0; i < names.length; i++) {
            ValueState state = row.state(i);
            if (state == ValueState.TEXT) {
                out.append(keys[i]);
                appendText(row, i, out);
            } else if (state == ValueState.NULL) {
                out.append(keys[i]).append(Ascii.NULL);
            } else {
                unchangedToast |= state == ValueState.UNCHANGED_TOAST;
                continue;
            }
            keys = nextKeys;
        }
        if (keys == firstKeys) {
            out.appendByte('{');
        }
        out.appendByte('}');
        return unchangedToast;
    }

    /**
     * Appends the value of a column in state TEXT, and null for any other. A value that does not fit a composite type is appended as
     * its text: servers do not tell of an altered composite.
     */
    public void appendValue(RowView row, int column, JsonBuffer out) {
        if (row.state(column) != ValueState.TEXT) {
            out.append(Ascii.NULL);
        } else {
            appendText(row, column, out);
        }
    }

    private void appendText(RowView row, int column, JsonBuffer out) {
        int start = out.length();
        try {
            values[column].encode(row.buffer(column), row.offset(column), row.length(column), out);
        } catch (DecodeException e) {
            String name = relation.columns().get(column).name();
            if (AlterableType.in(relation.columns().get(column).type()) && e.code() == ErrorCode.TYPE_UNREADABLE) {
                out.truncate(start);
                out.appendString(row.buffer(column), row.offset(column), row.length(column));
                warnOnce(column, name);
                return;
            }
            throw new DecodeException(
                    e.code(), "column \"" + name + "\" of " + relation.qualifiedName() + ": " + e.getMessage());
        }
    }

    private void warnOnce(int column, String name) {
        if (!warned[column]) {
            warned[column] = true;
            LOG.warn(
                    "column {} of {}: its composite type was altered after the table was last described; values that do not fit are"
                            + " passed on as text. Alter a column of the table so that the server describes it again.",
                    name,
                    relation.qualifiedName());
        }
    }

    int columnCount() {
        return names.length;
    }

    /** Appends a column's name as a JSON string. */
    public void appendName(int column, JsonBuffer out) {
        out.append(names[column]);
    }
}
