package io.pgcdc.delivery;

import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.TupleData;
import io.pgcdc.decode.UpdateMessage;
import io.pgcdc.json.record.RowEquality;
import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import org.jspecify.annotations.Nullable;

/** The old and the new row of a {@link DecodedChange}. Tells in which columns they differ. */
final class DecodedRow implements RowChange {

    private final TupleRow oldRow = new TupleRow();
    private final TupleRow newRow = new TupleRow();
    private final PerLayout<RowEquality> comparisons = new PerLayout<>();

    /** Looked up on first use; null after the next change. */
    private @Nullable RowEquality comparison;

    private final SameBytes sameBytes = new SameBytes();
    private boolean sameBytesKnown;

    /** The old tuple of an update, if the server sent all its columns. */
    private @Nullable TupleData wholeOldTuple;

    private @Nullable TupleData newTuple;
    private @Nullable Relation relation;
    private boolean hasOldRow;
    private boolean hasNewRow;

    void insert(InsertMessage insert, Relation table) {
        reset(table);
        hasNewRow = true;
        newRow.wrap(table, insert.readNewTuple(), false, null);
    }

    void update(UpdateMessage update, Relation table) {
        reset(table);
        update.readTuples();
        TupleData old = update.oldTuple();
        boolean whole = old != null && !update.oldTupleIsKeyOnly() && isFull(table);
        if (old != null) {
            hasOldRow = true;
            oldRow.wrap(table, old, !whole, null);
        }
        hasNewRow = true;
        wholeOldTuple = whole ? old : null;
        newTuple = update.newTuple();
        newRow.wrap(table, update.newTuple(), false, wholeOldTuple);
    }

    void delete(DeleteMessage delete, Relation table) {
        reset(table);
        TupleData old = delete.readOldTuple();
        hasOldRow = true;
        oldRow.wrap(table, old, delete.oldTupleIsKeyOnly() || !isFull(table), null);
    }

    /** The message of a partition's row says what the root's identity is. The relation knows better. */
    private static boolean isFull(Relation table) {
        return table.identity() == ReplicaIdentity.FULL;
    }

    private void reset(Relation table) {
        relation = table;
        hasOldRow = false;
        hasNewRow = false;
        wholeOldTuple = null;
        newTuple = null;
        sameBytesKnown = false;
        comparison = null;
    }

    @Override
    public @Nullable RowView oldRow() {
        return hasOldRow ? oldRow : null;
    }

    @Override
    public @Nullable RowView newRow() {
        return hasNewRow ? newRow : null;
    }

    @Override
    public boolean changedFieldsKnown() {
        return wholeOldTuple != null;
    }

    @Override
    public boolean hasSameBytes(int column) {
        if (!sameBytesKnown) {
            TupleData before = wholeOldTuple;
            TupleData after = newTuple;
            if (before == null || after == null) {
                return false;
            }
            sameBytes.compare(before, after);
            sameBytesKnown = true;
        }
        return sameBytes.in(column);
    }

    @Override
    public boolean isChanged(int column) {
        Relation table = relation;
        if (table == null || !changedFieldsKnown()) {
            throw new IllegalStateException("the old row is not known");
        }
        if (hasSameBytes(column)) {
            return false;
        }
        RowEquality current = comparison;
        if (current == null) {
            current = comparison(table);
            comparison = current;
        }
        return current.differs(oldRow, newRow, column);
    }

    private RowEquality comparison(Relation table) {
        RowEquality known = comparisons.find(table);
        if (known == null) {
            known = new RowEquality(table);
            comparisons.put(table, known);
        }
        return known;
    }
}
