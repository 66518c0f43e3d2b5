package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowView;
import org.jspecify.annotations.Nullable;

/**
 * An update of a row's key as what it is to readers by key: a DELETE of the row under its old key, and an INSERT under the new one. Two
 * views, of one change and with its position; flyweights as it is.
 */
final class KeyChange {

    private final Half deleted = new Half(ChangeKind.DELETE);
    private final Half inserted = new Half(ChangeKind.INSERT);

    /** The change itself, or one of the two. */
    Change view(Change change, Part part) {
        if (part == Part.ALL) {
            return change;
        }
        Half half = part == Part.REMOVED ? deleted : inserted;
        half.update = change;
        return half;
    }

    /** One of the two. */
    private static final class Half implements Change {

        private final ChangeKind kind;
        private @Nullable Change update;

        private Half(ChangeKind kind) {
            this.kind = kind;
        }

        private Change update() {
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
        public int epoch() {
            return update().epoch();
        }

        @Override
        public long commitLsn() {
            return update().commitLsn();
        }

        @Override
        public long ordinal() {
            return update().ordinal();
        }

        @Override
        public long lsn() {
            return update().lsn();
        }

        @Override
        public int xid() {
            return update().xid();
        }

        @Override
        public long commitTimeMicros() {
            return update().commitTimeMicros();
        }

        @Override
        public @Nullable String origin() {
            return update().origin();
        }

        @Override
        public @Nullable Relation relation() {
            return update().relation();
        }

        @Override
        public @Nullable RowView oldRow() {
            return kind == ChangeKind.DELETE ? update().oldRow() : null;
        }

        @Override
        public @Nullable RowView newRow() {
            return kind == ChangeKind.INSERT ? update().newRow() : null;
        }

        @Override
        public boolean changedFieldsKnown() {
            return false;
        }

        @Override
        public boolean isChanged(int column) {
            return update().isChanged(column);
        }

        @Override
        public boolean hasSameBytes(int column) {
            return false;
        }

        @Override
        public boolean cascade() {
            return false;
        }

        @Override
        public boolean restartIdentity() {
            return false;
        }

        @Override
        public @Nullable MessageView message() {
            return null;
        }
    }
}
