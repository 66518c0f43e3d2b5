package io.pgcdc.delivery;

import io.pgcdc.error.SinkException;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.view.RouteConfig;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of which a replay has changes, found by reading them. One thread. */
final class ReplayedTables {

    private final RouteConfig route;
    private final ReplayFilter filter;
    private final boolean onlyPresentForm;
    private final Map<Integer, Relation> byOid = new LinkedHashMap<>();
    private final Map<String, Integer> oids = new HashMap<>();
    private @Nullable Relation altered;
    private @Nullable Position alteredAt;

    ReplayedTables(RouteConfig route, ReplayFilter filter, boolean onlyPresentForm) {
        this.route = route;
        this.filter = filter;
        this.onlyPresentForm = onlyPresentForm;
    }

    /** Returns their last layouts. */
    Collection<Relation> relations() {
        return byOid.values();
    }

    /**
     * Reads the changes.
     *
     * @param index where they begin
     * @return the refusal if a table was altered between them and only the present form is permitted; else null
     */
    @Nullable
    SinkException read(SegmentStore store, Layouts layouts, long index, Position after, ReplayLookup lookup) {
        SegmentView view = new SegmentView();
        SegmentBatch batch = new SegmentBatch(view, layouts::byVersion);
        try (SegmentReader reader = store.reader(index)) {
            while (reader.next(view)
                    && !filter.isAfter(
                            view.header().epoch(),
                            view.header().firstCommitLsn(),
                            view.header().firstOrdinal())) {
                batch.forEach(change -> see(change, after));
            }
        }
        Relation table = altered;
        return table == null || !onlyPresentForm
                ? null
                : lookup.refused(
                        "table " + table.qualifiedName() + " was altered in between, and the sink takes only changes of"
                                + " its present form. They begin at " + alteredAt + ": write --from " + alteredAt
                                + " or later, or name other tables with --table.");
    }

    private void see(Change change, Position after) {
        Relation relation = change.relation();
        if (relation == null
                || !route.takes(relation.schema(), relation.name())
                || !filter.takes(change)
                || change.position().compareTo(after) <= 0) {
            return;
        }
        Relation before = byOid.put(relation.oid(), relation);
        Integer namesake = oids.put(relation.atSource().toString(), relation.oid());
        boolean another = namesake != null && namesake != relation.oid();
        if (another && namesake != null) {
            byOid.remove(namesake);
        }
        if (another || (before != null && before.version() != relation.version() && !sameForm(before, relation))) {
            altered = relation;
            alteredAt = change.position();
        }
    }

    private static boolean sameForm(Relation one, Relation other) {
        return one.columns().equals(other.columns()) && one.qualifiedName().equals(other.qualifiedName());
    }
}
