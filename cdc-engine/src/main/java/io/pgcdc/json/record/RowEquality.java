package io.pgcdc.json.record;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.json.value.AlterableType;
import io.pgcdc.json.value.ValueEquality;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;

/**
 * Which columns of an updated row differ as jsonb. Made once a relation and kept. Belongs to one thread. Meant for old rows that
 * the server sent whole (REPLICA IDENTITY FULL).
 */
public final class RowEquality {

    private final ValueEquality[] columns;
    private final boolean[] alterable;

    /** @throws DecodeException when a column's types are nested too deep */
    public RowEquality(Relation relation) {
        columns =
                relation.columns().stream().map(c -> ValueEquality.of(c.type())).toArray(ValueEquality[]::new);
        alterable = new boolean[columns.length];
        for (int i = 0; i < alterable.length; i++) {
            alterable[i] = AlterableType.in(relation.columns().get(i).type());
        }
    }

    /**
     * Whether the column's value is another one. Not sent, because stored out of line and unchanged, is the same one. SQL null
     * and JSON's null are one, as they are in {@code to_jsonb(row)}.
     *
     * @throws DecodeException when a text does not fit the column's type
     */
    public boolean differs(RowView oldRow, RowView newRow, int column) {
        ValueState before = oldRow.state(column);
        ValueState after = newRow.state(column);
        if (before == ValueState.TEXT && after == ValueState.TEXT) {
            return textsDiffer(oldRow, newRow, column);
        }
        if (before == ValueState.TEXT && after == ValueState.NULL) {
            return !isJsonNull(oldRow, column);
        }
        if (before == ValueState.NULL && after == ValueState.TEXT) {
            return !isJsonNull(newRow, column);
        }
        return false;
    }

    private boolean textsDiffer(RowView oldRow, RowView newRow, int column) {
        try {
            return !columns[column].equal(
                    oldRow.buffer(column),
                    oldRow.offset(column),
                    oldRow.length(column),
                    newRow.buffer(column),
                    newRow.offset(column),
                    newRow.length(column));
        } catch (DecodeException e) {
            if (alterable[column] && e.code() == ErrorCode.TYPE_UNREADABLE) {
                // passed on as text, and as texts they differ: equal bytes are never looked into
                return true;
            }
            throw e;
        }
    }

    private boolean isJsonNull(RowView row, int column) {
        return columns[column].isJsonNull(row.buffer(column), row.offset(column), row.length(column));
    }
}
