package io.pgcdc.json.record;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.json.value.AlterableType;
import io.pgcdc.json.value.ValueEquality;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;

/**
 * Tells which columns of an updated row differ as jsonb. Created once per relation and kept. Belongs to one thread. Requires whole
 * old rows (REPLICA IDENTITY FULL).
 */
public final class RowEquality {

    private final ValueEquality[] columns;
    private final boolean[] alterable;

    /** @throws DecodeException if a column's types are nested too deep */
    public RowEquality(Relation relation) {
        columns =
                relation.columns().stream().map(c -> ValueEquality.of(c.type())).toArray(ValueEquality[]::new);
        alterable = new boolean[columns.length];
        for (int i = 0; i < alterable.length; i++) {
            alterable[i] = AlterableType.in(relation.columns().get(i).type());
        }
    }

    /**
     * Returns whether the column's value changed. UNCHANGED_TOAST counts as unchanged. SQL null and JSON null are equal, as in
     * {@code to_jsonb(row)}.
     *
     * @throws DecodeException if a text does not fit the column's type
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
                // written as text, and the texts differ: equal bytes are not compared here
                return true;
            }
            throw e;
        }
    }

    private boolean isJsonNull(RowView row, int column) {
        return columns[column].isJsonNull(row.buffer(column), row.offset(column), row.length(column));
    }
}
