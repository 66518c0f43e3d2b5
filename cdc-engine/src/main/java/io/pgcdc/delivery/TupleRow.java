package io.pgcdc.delivery;

import io.pgcdc.decode.TupleData;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import org.jspecify.annotations.Nullable;

/** Shows a tuple as a row of its relation. A flyweight of one delivery thread. */
final class TupleRow implements RowView {

    private static final TupleData EMPTY = new TupleData();

    private TupleData tuple = EMPTY;
    private @Nullable TupleData fallback;
    private @Nullable Relation relation;
    private boolean keyOnly;

    /**
     * Points this row at a tuple.
     *
     * @param onlyKey true if only the tuple's key columns are real; it has NULL in the others
     * @param whole the old tuple under REPLICA IDENTITY FULL, else null: it holds the unchanged TOAST values that the new one lacks
     */
    TupleRow wrap(Relation newRelation, TupleData newTuple, boolean onlyKey, @Nullable TupleData whole) {
        requireColumns(newRelation, newTuple);
        if (whole != null) {
            requireColumns(newRelation, whole);
        }
        relation = newRelation;
        tuple = newTuple;
        keyOnly = onlyKey;
        fallback = whole;
        return this;
    }

    private static void requireColumns(Relation relation, TupleData tuple) {
        if (tuple.columnCount() != relation.columns().size()) {
            throw new DecodeException(
                    ErrorCode.DECODE_MALFORMED,
                    "row of " + tuple.columnCount() + " columns for table " + relation.qualifiedName() + ", which has "
                            + relation.columns().size()
                            + " by the stream's last Relation message. Keep the queue directory and report this.");
        }
    }

    @Override
    public ValueState state(int column) {
        return switch (tuple.kind(column)) {
            case TupleData.TEXT -> ValueState.TEXT;
            case TupleData.NULL -> keyOnly && !isKey(column) ? ValueState.NOT_SENT : ValueState.NULL;
            case TupleData.UNCHANGED_TOAST -> heldByFallback(column) ? ValueState.TEXT : ValueState.UNCHANGED_TOAST;
            default ->
                throw new DecodeException(
                        ErrorCode.DECODE_MALFORMED,
                        "value in binary format, although pgcdc asked for text. Keep the queue directory and report this.");
        };
    }

    private boolean isKey(int column) {
        Relation current = relation;
        return current != null && current.columns().get(column).identity();
    }

    private boolean heldByFallback(int column) {
        TupleData whole = fallback;
        return whole != null && whole.kind(column) == TupleData.TEXT;
    }

    @Override
    public byte[] buffer(int column) {
        return holder(column).buffer();
    }

    @Override
    public int offset(int column) {
        return holder(column).offset(column);
    }

    @Override
    public int length(int column) {
        return holder(column).length(column);
    }

    private TupleData holder(int column) {
        TupleData whole = fallback;
        return whole != null && tuple.kind(column) == TupleData.UNCHANGED_TOAST ? whole : tuple;
    }
}
