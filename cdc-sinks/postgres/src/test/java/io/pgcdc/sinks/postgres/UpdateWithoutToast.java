package io.pgcdc.sinks.postgres;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.ForwardingChange;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import io.pgcdc.sink.Batch;
import io.pgcdc.testkit.sinks.MappedBatch;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An insert that is shown as an update which left the last column's value alone, because it is in TOAST. */
final class UpdateWithoutToast extends ForwardingChange implements RowChange, RowView {

    private final Change insert;
    private final boolean duringSnapshot;

    private UpdateWithoutToast(Change insert, boolean duringSnapshot) {
        this.insert = insert;
        this.duringSnapshot = duringSnapshot;
    }

    /**
     * Shows all inserts of a batch so.
     *
     * @param duringSnapshot true if a snapshot was being read meanwhile
     */
    static Batch of(Batch inserts, boolean duringSnapshot) {
        return new MappedBatch(inserts, insert -> new UpdateWithoutToast(insert, duringSnapshot));
    }

    @Override
    protected Change change() {
        return insert;
    }

    @Override
    public ChangeKind kind() {
        return ChangeKind.UPDATE;
    }

    @Override
    public boolean duringSnapshot() {
        return duringSnapshot;
    }

    @Override
    public RowChange row() {
        return this;
    }

    @Override
    public @Nullable RowView oldRow() {
        return null;
    }

    @Override
    public RowView newRow() {
        return this;
    }

    private RowView inserted() {
        return Objects.requireNonNull(Objects.requireNonNull(insert.row()).newRow());
    }

    @Override
    public ValueState state(int column) {
        int last = Objects.requireNonNull(insert.relation()).columns().size() - 1;
        return column == last ? ValueState.UNCHANGED_TOAST : inserted().state(column);
    }

    @Override
    public byte[] buffer(int column) {
        return inserted().buffer(column);
    }

    @Override
    public int offset(int column) {
        return inserted().offset(column);
    }

    @Override
    public int length(int column) {
        return inserted().length(column);
    }

    @Override
    public boolean changedFieldsKnown() {
        return false;
    }

    @Override
    public boolean isChanged(int column) {
        throw new IllegalStateException("the old row is not known");
    }

    @Override
    public boolean hasSameBytes(int column) {
        return false;
    }
}
