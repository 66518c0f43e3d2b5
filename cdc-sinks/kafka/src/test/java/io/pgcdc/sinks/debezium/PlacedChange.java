package io.pgcdc.sinks.debezium;

import io.pgcdc.model.Change;
import io.pgcdc.model.ForwardingChange;
import io.pgcdc.model.SnapshotPlace;
import org.jspecify.annotations.Nullable;

/** A change at another place of its snapshot. */
public final class PlacedChange extends ForwardingChange {

    private final Change change;
    private final @Nullable SnapshotPlace place;

    public PlacedChange(Change change, @Nullable SnapshotPlace place) {
        this.change = change;
        this.place = place;
    }

    @Override
    protected Change change() {
        return change;
    }

    @Override
    public @Nullable SnapshotPlace snapshot() {
        return place;
    }
}
