package io.pgcdc.testkit.sinks;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.ForwardingChange;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.sink.Batch;
import io.pgcdc.testkit.sink.TestChanges;
import org.jspecify.annotations.Nullable;

/** The beginning and the end of a reconciliation of kit.items, each in its own batch, as a pipeline sends them. */
public final class Markers {

    private Markers() {}

    public static Batch begin(long time) {
        return batch(time, SnapshotPlace.FIRST_OF_TABLE);
    }

    public static Batch end(long time) {
        return batch(time, SnapshotPlace.LAST_OF_TABLE);
    }

    private static Batch batch(long time, SnapshotPlace place) {
        return new MappedBatch(new TestChanges(time).read("", "").batch(), change -> new Marker(change, place));
    }

    /** A row of a snapshot, shown as a marker at its place. */
    private static final class Marker extends ForwardingChange {

        private final Change row;
        private final SnapshotPlace place;

        private Marker(Change row, SnapshotPlace place) {
            this.row = row;
            this.place = place;
        }

        @Override
        protected Change change() {
            return row;
        }

        @Override
        public ChangeKind kind() {
            return ChangeKind.RECONCILE;
        }

        @Override
        public SnapshotPlace snapshot() {
            return place;
        }

        @Override
        public @Nullable RowChange row() {
            return null;
        }
    }
}
