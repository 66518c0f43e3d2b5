package io.pgcdc.sinks.postgres;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.ForwardingChange;
import io.pgcdc.model.Position;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import io.pgcdc.sink.Batch;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows the inserts of a batch as updates that left the last column's value alone, which is in TOAST. */
final class UpdateWithoutToast implements Batch {

    private final Batch inserts;
    private final boolean duringSnapshot;

    /** @param duringSnapshot true if a snapshot was being read meanwhile */
    UpdateWithoutToast(Batch inserts, boolean duringSnapshot) {
        this.inserts = inserts;
        this.duringSnapshot = duringSnapshot;
    }

    @Override
    public void forEach(Consumer<? super Change> consumer) {
        inserts.forEach(insert -> consumer.accept(new Update(insert)));
    }

    @Override
    public int count() {
        return inserts.count();
    }

    @Override
    public Position lastPosition() {
        return inserts.lastPosition();
    }

    @Override
    public boolean endsAtCommit() {
        return inserts.endsAtCommit();
    }

    private final class Update extends ForwardingChange implements RowChange, RowView {

        private final Change insert;

        Update(Change insert) {
            this.insert = insert;
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
}
