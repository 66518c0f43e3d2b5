package io.pgcdc.json.record;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.bytes.Keys;
import io.pgcdc.json.value.AlterableType;
import io.pgcdc.json.value.ValueEncoder;
import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the rows of one relation as JSON objects. Created once per relation and kept. Belongs to one thread. */
public final class RowEncoder {

    private static final Logger LOG = LoggerFactory.getLogger(RowEncoder.class);

    private final Relation relation;
    private final byte[][] names;
    /** Each name as a key, after an opening brace or a comma. */
    private final byte[][] firstKeys;

    private final byte[][] nextKeys;
    private final ValueEncoder[] values;
    private final boolean[] warned;
    /** Where each column's key and value of the last row begin in the output, followed by the end of the last one. */
    private final int[] pieces;

    /** @throws DecodeException if a column's types are nested too deep */
    public RowEncoder(Relation relation) {
        this.relation = relation;
        List<Column> columns = relation.columns();
        this.names = new byte[columns.size()][];
        this.firstKeys = new byte[columns.size()][];
        this.nextKeys = new byte[columns.size()][];
        this.values = new ValueEncoder[columns.size()];
        this.pieces = new int[columns.size() + 1];
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
     * Appends {@code {"column":value,...}} with the columns whose value is known, including nulls. Leaves out columns in state
     * UNCHANGED_TOAST or NOT_SENT.
     *
     * @return whether a column was left out as UNCHANGED_TOAST
     * @throws DecodeException if a text does not fit its column's type; {@code out} then holds an unfinished object
     */
    public boolean append(RowView row, JsonBuffer out) {
        int start = out.length();
        boolean unchangedToast = false;
        for (int i = 0; i < names.length; i++) {
            pieces[i] = out.length();
            unchangedToast |= appendColumn(row, i, out.length() == start, out);
        }
        pieces[names.length] = out.length();
        appendEnd(start, out);
        return unchangedToast;
    }

    /**
     * Like {@link #append}, for the new row of an update. The old row must be the last that was appended to {@code out}. Values
     * with the same bytes are copied from there.
     *
     * @return whether a column was left out as UNCHANGED_TOAST
     * @throws DecodeException like {@link #append}
     */
    public boolean appendAfterOld(RowChange change, RowView row, JsonBuffer out) {
        int start = out.length();
        boolean unchangedToast = false;
        for (int i = 0; i < names.length; i++) {
            int same = i;
            while (same < names.length && change.hasSameBytes(same)) {
                same++;
            }
            if (same > i) {
                int from = out.length();
                out.append(out.array(), pieces[i], pieces[same] - pieces[i]);
                out.array()[from] = (byte) (from == start ? '{' : ',');
                i = same;
            }
            if (i < names.length) {
                unchangedToast |= appendColumn(row, i, out.length() == start, out);
            }
        }
        appendEnd(start, out);
        return unchangedToast;
    }

    /** Returns whether the column was left out as UNCHANGED_TOAST. */
    private boolean appendColumn(RowView row, int column, boolean first, JsonBuffer out) {
        ValueState state = row.state(column);
        if (state == ValueState.TEXT) {
            out.append(first ? firstKeys[column] : nextKeys[column]);
            appendText(row, column, out);
        } else if (state == ValueState.NULL) {
            out.append(first ? firstKeys[column] : nextKeys[column]).append(Ascii.NULL);
        }
        return state == ValueState.UNCHANGED_TOAST;
    }

    private static void appendEnd(int start, JsonBuffer out) {
        if (out.length() == start) {
            out.appendByte('{');
        }
        out.appendByte('}');
    }

    /**
     * Appends the value of a column in state TEXT, and null for any other. If a value does not fit a composite type, appends its
     * text: servers do not report an altered composite type.
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
