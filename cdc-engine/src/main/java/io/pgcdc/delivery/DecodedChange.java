package io.pgcdc.delivery;

import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.LogicalMessage;
import io.pgcdc.decode.TruncateMessage;
import io.pgcdc.decode.UpdateMessage;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.model.TruncateView;
import org.jspecify.annotations.Nullable;

/** A decoded message joined with its transaction. Each delivery thread has one, and sets it on each change in turn. */
final class DecodedChange implements Change {

    private final DecodedRow rows = new DecodedRow();

    private ChangeKind kind = ChangeKind.INSERT;
    private int epoch;
    private int xid;
    private long commitLsn;
    private long commitTimeMicros;
    private @Nullable String origin;
    private long ordinal;
    private long lsn;
    private boolean duringSnapshot;
    private @Nullable Relation relation;

    /** Of a READ, else null. */
    private @Nullable SnapshotPlace snapshot;

    /** Of row, truncate and message, the kind's view is set; the other two are null. */
    private @Nullable RowChange row;

    private @Nullable TruncateView truncate;
    private @Nullable MessageView message;

    /** Sets if a snapshot was being read when the next changes were captured. */
    void duringSnapshot(boolean now) {
        duringSnapshot = now;
    }

    /** Sets the transaction of the next changes. */
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
        rows.insert(insert, table);
        return show(ChangeKind.INSERT, table, rows, null, null);
    }

    /** Shows a row of a snapshot, which is stored in the form of an Insert message. */
    DecodedChange read(InsertMessage stored, Relation table, SnapshotPlace place) {
        rows.insert(stored, table);
        show(ChangeKind.READ, table, rows, null, null);
        snapshot = place;
        return this;
    }

    DecodedChange reconcile(Relation table, boolean begins) {
        show(ChangeKind.RECONCILE, table, null, null, null);
        snapshot = begins ? SnapshotPlace.FIRST_OF_TABLE : SnapshotPlace.LAST_OF_TABLE;
        return this;
    }

    DecodedChange update(UpdateMessage update, Relation table) {
        rows.update(update, table);
        return show(ChangeKind.UPDATE, table, rows, null, null);
    }

    DecodedChange delete(DeleteMessage delete, Relation table) {
        rows.delete(delete, table);
        return show(ChangeKind.DELETE, table, rows, null, null);
    }

    DecodedChange truncate(TruncateMessage options, Relation table) {
        return show(ChangeKind.TRUNCATE, table, null, options, null);
    }

    DecodedChange message(LogicalMessage logical) {
        return show(ChangeKind.MESSAGE, null, null, null, logical);
    }

    private DecodedChange show(
            ChangeKind newKind,
            @Nullable Relation table,
            @Nullable RowChange newRow,
            @Nullable TruncateView newTruncate,
            @Nullable MessageView newMessage) {
        kind = newKind;
        snapshot = null;
        relation = table;
        row = newRow;
        truncate = newTruncate;
        message = newMessage;
        return this;
    }

    /** Sets the change's LSN and ordinal. */
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
    public @Nullable SnapshotPlace snapshot() {
        return snapshot;
    }

    @Override
    public boolean duringSnapshot() {
        return duringSnapshot;
    }

    @Override
    public @Nullable RowChange row() {
        return row;
    }

    @Override
    public @Nullable TruncateView truncate() {
        return truncate;
    }

    @Override
    public @Nullable MessageView message() {
        return message;
    }
}
