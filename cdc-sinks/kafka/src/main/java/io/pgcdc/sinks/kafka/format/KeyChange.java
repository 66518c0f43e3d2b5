package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.ForwardingChange;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shows an update of a row's key as two changes: a DELETE under the old key, and an INSERT under the new one. Both are views of the
 * update and have its position. Like the update, they are valid only until the handler returns.
 */
public final class KeyChange {

    private final Half deleted = new Half(ChangeKind.DELETE);
    private final Half inserted = new Half(ChangeKind.INSERT);

    /** Creates it. It shows one update at a time. */
    public KeyChange() {}

    /** Returns the change itself, or one of the two views. */
    public Change view(Change change, Part part) {
        if (part == Part.ALL) {
            return change;
        }
        Half half = part == Part.REMOVED ? deleted : inserted;
        half.update = change;
        return half;
    }

    /** One of the two views. */
    private static final class Half extends ForwardingChange implements RowChange {

        private final ChangeKind kind;
        private final WholeRow whole = new WholeRow();
        private @Nullable Change update;

        private Half(ChangeKind kind) {
            this.kind = kind;
        }

        @Override
        protected Change change() {
            Change current = update;
            if (current == null) {
                throw new IllegalStateException("of no change");
            }
            return current;
        }

        @Override
        public ChangeKind kind() {
            return kind;
        }

        @Override
        public @Nullable RowChange row() {
            return this;
        }

        private RowChange both() {
            return Objects.requireNonNull(change().row());
        }

        @Override
        public @Nullable RowView oldRow() {
            return kind == ChangeKind.DELETE ? both().oldRow() : null;
        }

        @Override
        public @Nullable RowView newRow() {
            RowView after = both().newRow();
            return kind == ChangeKind.INSERT && after != null ? whole.of(both().oldRow(), after) : null;
        }

        @Override
        public boolean changedFieldsKnown() {
            return false;
        }

        @Override
        public boolean isChanged(int column) {
            throw new IllegalStateException("a half has one row");
        }

        @Override
        public boolean hasSameBytes(int column) {
            return false;
        }
    }

    /**
     * The new row, complete. If the server left out an unchanged TOAST value, it is taken from the old row: an INSERT has no
     * earlier record that contains it.
     */
    private static final class WholeRow implements RowView {

        private @Nullable RowView before;
        private @Nullable RowView after;

        RowView of(@Nullable RowView old, RowView now) {
            before = old;
            after = now;
            return this;
        }

        private RowView row(int column) {
            RowView old = before;
            RowView now = Objects.requireNonNull(after);
            return old != null
                            && now.state(column) == ValueState.UNCHANGED_TOAST
                            && old.state(column) == ValueState.TEXT
                    ? old
                    : now;
        }

        @Override
        public ValueState state(int column) {
            return row(column).state(column);
        }

        @Override
        public byte[] buffer(int column) {
            return row(column).buffer(column);
        }

        @Override
        public int offset(int column) {
            return row(column).offset(column);
        }

        @Override
        public int length(int column) {
            return row(column).length(column);
        }
    }
}
