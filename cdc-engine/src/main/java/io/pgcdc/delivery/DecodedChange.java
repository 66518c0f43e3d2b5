package io.pgcdc.delivery;

import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.LogicalMessage;
import io.pgcdc.decode.TruncateMessage;
import io.pgcdc.decode.TupleData;
import io.pgcdc.decode.UpdateMessage;
import io.pgcdc.json.record.RowEquality;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowView;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** The one change that a delivery thread looks at: decoded messages, joined with the transaction they stand in. */
final class DecodedChange implements Change, MessageView {

    private final TupleRow oldRow = new TupleRow();
    private final TupleRow newRow = new TupleRow();
    private final IdentityHashMap<Relation, RowEquality> comparisons = new IdentityHashMap<>();

    /** Looked up when first asked for; null again with the next change. */
    private @Nullable RowEquality comparison;

    private final SameBytes sameBytes = new SameBytes();
    private boolean sameBytesKnown;

    /** The two tuples of an update whose old row is whole. */
    private @Nullable TupleData wholeOldTuple;

    private @Nullable TupleData newTuple;

    private ChangeKind kind = ChangeKind.INSERT;
    private int epoch;
    private int xid;
    private long commitLsn;
    private long commitTimeMicros;
    private @Nullable String origin;
    private long ordinal;
    private long lsn;
    private @Nullable Relation relation;
    private boolean hasOldRow;
    private boolean hasNewRow;
    private boolean wholeOldRow;
    private boolean cascade;
    private boolean restartIdentity;
    private @Nullable LogicalMessage message;

    /** The transaction of the changes that follow. */
    void transaction(int newEpoch, int newXid, long newCommitLsn, long newCommitTimeMicros) {
        epoch = newEpoch;
        xid = newXid;
        commitLsn = newCommitLsn;
        commitTimeMicros = newCommitTimeMicros;
        origin = null;
    }

    void origin(String name) {
        origin = name;
    }

    DecodedChange insert(InsertMessage insert, Relation table) {
        reset(ChangeKind.INSERT, table);
        hasNewRow = true;
        newRow.wrap(table, insert.readNewTuple(), false, null);
        return this;
    }

    DecodedChange update(UpdateMessage update, Relation table) {
        reset(ChangeKind.UPDATE, table);
        update.readTuples();
        TupleData old = update.oldTuple();
        wholeOldRow = old != null && !update.oldTupleIsKeyOnly();
        if (old != null) {
            hasOldRow = true;
            oldRow.wrap(table, old, !wholeOldRow, null);
        }
        hasNewRow = true;
        newRow.wrap(table, update.newTuple(), false, wholeOldRow ? old : null);
        wholeOldTuple = wholeOldRow ? old : null;
        newTuple = update.newTuple();
        return this;
    }

    DecodedChange delete(DeleteMessage delete, Relation table) {
        reset(ChangeKind.DELETE, table);
        TupleData old = delete.readOldTuple();
        hasOldRow = true;
        oldRow.wrap(table, old, delete.oldTupleIsKeyOnly(), null);
        return this;
    }

    DecodedChange truncate(TruncateMessage truncate, Relation table) {
        reset(ChangeKind.TRUNCATE, table);
        cascade = truncate.cascade();
        restartIdentity = truncate.restartIdentity();
        return this;
    }

    DecodedChange message(LogicalMessage logical) {
        reset(ChangeKind.MESSAGE, null);
        message = logical;
        return this;
    }

    private void reset(ChangeKind newKind, @Nullable Relation table) {
        kind = newKind;
        relation = table;
        hasOldRow = false;
        hasNewRow = false;
        wholeOldRow = false;
        sameBytesKnown = false;
        comparison = null;
        message = null;
    }

    /** Its own place. */
    DecodedChange at(long newLsn, long newOrdinal) {
        lsn = newLsn;
        ordinal = newOrdinal;
        return this;
    }

    @Override
    public ChangeKind kind() {
        return kind;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public long commitLsn() {
        return commitLsn;
    }

    @Override
    public long ordinal() {
        return ordinal;
    }

    @Override
    public long lsn() {
        return lsn;
    }

    @Override
    public int xid() {
        return xid;
    }

    @Override
    public long commitTimeMicros() {
        return commitTimeMicros;
    }

    @Override
    public @Nullable String origin() {
        return origin;
    }

    @Override
    public @Nullable Relation relation() {
        return relation;
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
        return wholeOldRow && hasNewRow;
    }

    @Override
    public boolean hasSameBytes(int column) {
        if (!sameBytesKnown) {
            TupleData before = wholeOldTuple;
            TupleData after = newTuple;
            if (!changedFieldsKnown() || before == null || after == null) {
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
        RowEquality known = comparisons.get(table);
        if (known == null) {
            // a new layout takes the place of the table's last one, so that there are never more than tables
            comparisons.keySet().removeIf(table::isSameTable);
            known = new RowEquality(table);
            comparisons.put(table, known);
        }
        return known;
    }

    @Override
    public boolean cascade() {
        return cascade;
    }

    @Override
    public boolean restartIdentity() {
        return restartIdentity;
    }

    @Override
    public @Nullable MessageView message() {
        return message == null ? null : this;
    }

    @Override
    public String prefix() {
        return logical().prefix();
    }

    @Override
    public boolean transactional() {
        return logical().transactional();
    }

    @Override
    public byte[] buffer() {
        return logical().buffer();
    }

    @Override
    public int offset() {
        return logical().offset();
    }

    @Override
    public int length() {
        return logical().length();
    }

    private LogicalMessage logical() {
        LogicalMessage current = message;
        if (current == null) {
            throw new IllegalStateException("not a message");
        }
        return current;
    }
}
