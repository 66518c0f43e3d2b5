package io.pgcdc.delivery;

import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.view.Route;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** What a segment has for a sink that takes everything. */
public final class AllChanges {

    private AllChanges() {}

    /** Gives the changes to a consumer. */
    public static void of(SegmentView segment, IntFunction<Relation> relations, Consumer<? super Change> consumer) {
        new SegmentBatch(segment, relations, new Route(), null, true).forEach(consumer);
    }
}
