package io.pgcdc.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.SinkException;
import io.pgcdc.life.Inbox.Refusal;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TablePattern;
import io.pgcdc.progress.QueueRetention;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.ReplayState;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.sink.ReplayTerms;
import io.pgcdc.view.RouteConfig;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Works out a sink's replay, and records it in its checkpoint before its first change. The sink's thread. */
public final class SinkReplay {

    private static final String MEANING =
            "The sink gets these changes again, with the same positions, as after a crash.";

    private final String sink;
    private final SegmentStore store;
    private final Layouts layouts;
    private final RouteConfig route;
    private final QueueRetention retention;
    private final SinkProgress progress;
    private final ReplayLookup lookup;

    public SinkReplay(
            String sink,
            SegmentStore store,
            Layouts layouts,
            RouteConfig route,
            QueueRetention retention,
            SinkProgress progress) {
        this.sink = sink;
        this.store = store;
        this.layouts = layouts;
        this.route = route;
        this.retention = retention;
        this.progress = progress;
        lookup = new ReplayLookup(sink, store, layouts);
    }

    /**
     * Works the replay out. Call it only when all changes that the sink accepted are durable.
     *
     * @param terms what the sink says; null: nothing
     * @param keeps true if the sink named a position of its target when it was opened
     * @param begin true: also moves the checkpoint, durably
     * @throws Refusal REPLAY_REFUSED; QUEUE_SEGMENT_RELEASED: the queue does not hold the changes. The checkpoint is then unchanged
     */
    ReplayPlan plan(ReplayRequest request, @Nullable ReplayTerms terms, boolean keeps, boolean begin) throws Refusal {
        retention.hold(progress);
        boolean begun = false;
        try {
            if (terms == null && keeps) {
                throw lookup.refused(
                        "it keeps its position in its target and skips what is there. Its plugin must implement"
                                + " Sink.replayTerms and Sink.replaying.");
            }
            ReplayTerms meant = terms == null ? ReplayTerms.again(MEANING) : terms;
            Position has = last(meant);
            requireTables(request.tables());
            Position from = lookup.first(request.from());
            Position until = until(request.to(), has);
            boolean complete = until.equals(has);
            String onlyComplete = meant.onlyComplete();
            if (!complete && onlyComplete != null) {
                throw lookup.refused("a replay must go on to the sink's last change: " + onlyComplete + " Omit --to.");
            }
            long index = lookup.index(from);
            if (from.compareTo(until) > 0 || index == SegmentStore.NONE) {
                throw lookup.refused("there is no change from " + request.from() + " to " + until
                        + (complete ? ", the last one that it has" : "") + ". Name an earlier position or time.");
            }
            ReplayedTables tables = tables(request, meant, index, from, until, complete);
            ReplayState replay = new ReplayState(
                    WholeTransactions.justBefore(from),
                    until,
                    complete,
                    index,
                    complete ? home().nextIndex() : lookup.index(until),
                    request.tables().stream().map(TablePattern::toString).toList(),
                    tables == null || !request.reset()
                            ? List.of()
                            : tables.relations().stream().map(Relation::version).toList(),
                    home());
            if (replay.toBytes().length > ReplayState.MOST_BYTES) {
                throw lookup.refused(
                        "the list of tables is too long for a checkpoint. Replay them in several parts, or name schema.*.");
            }
            if (begin) {
                progress.beginReplay(new SinkCheckpoint(index, replay.after(), Lsn.INVALID, replay));
                begun = true;
            }
            return new ReplayPlan(
                    from,
                    until,
                    complete,
                    replay.tables(),
                    replay.toEmpty().stream()
                            .map(version -> layouts.byVersion(version).qualifiedName())
                            .toList(),
                    meant.meaning());
        } catch (CdcException e) {
            throw new Refusal(e);
        } finally {
            if (!begun) {
                progress.force(); // ends the hold
            }
        }
    }

    private SinkCheckpoint home() {
        SinkCheckpoint home = progress.checkpoint();
        if (home == null) {
            throw new IllegalStateException("sink " + sink + " has confirmed a change, and has no checkpoint");
        }
        return home;
    }

    /** Returns the sink's last change. */
    private Position last(ReplayTerms terms) {
        if (progress.isReplaying()) {
            throw lookup.refused(
                    "a replay is running. Wait for its end, or end it: cdc replay --sink " + sink + " --cancel.");
        }
        Position has = progress.confirmed();
        if (has == null) {
            throw lookup.refused("it has no changes yet.");
        }
        Position inTarget = terms.has();
        if (inTarget != null && inTarget.compareTo(has) > 0) {
            throw lookup.refused("it stands at " + has + ", and passes over what its target has already, up to "
                    + inTarget + ". Try again when it is there.");
        }
        return has;
    }

    private Position until(@Nullable ReplayPlace to, Position has) {
        Position asked = to == null ? null : lookup.last(to);
        if (to != null
                && to.position() != null
                && WholeTransactions.first(to.position()).compareTo(has) > 0) {
            throw lookup.refused("it has only changes up to " + has + ". Name such a position with --to.");
        }
        return asked == null || asked.compareTo(has) > 0 ? has : asked;
    }

    private void requireTables(List<TablePattern> tables) {
        Collection<Relation> known = layouts.all();
        for (TablePattern table : tables) {
            if (known.stream()
                    .noneMatch(r -> table.matches(r.schema(), r.name()) && route.takes(r.schema(), r.name()))) {
                throw lookup.refused(
                        "no change of table " + table + " was captured for it. Write --table SCHEMA.TABLE.");
            }
        }
    }

    private @Nullable ReplayedTables tables(
            ReplayRequest request, ReplayTerms terms, long index, Position from, Position until, boolean complete) {
        if (request.reset() && !terms.mayEmpty()) {
            throw lookup.refused("--reset is for projections that apply a TRUNCATE. Omit it.");
        }
        if (!terms.onlyPresentForm() && !request.reset()) {
            return null;
        }
        ReplayedTables tables =
                new ReplayedTables(route, new ReplayFilter(until, complete, request.tables()), terms.onlyPresentForm());
        SinkException altered = tables.read(store, layouts, index, WholeTransactions.justBefore(from), lookup);
        if (altered != null) {
            throw altered;
        }
        if (request.reset()) {
            tables.relations().stream().filter(Relation::sharesName).findFirst().ifPresent(table -> {
                throw lookup.refused("--reset would empty " + table.qualifiedName()
                        + " in the target, which has rows of other tables of that name, too: see table_aliases. Omit it, or name"
                        + " other tables with --table.");
            });
        }
        return tables;
    }
}
