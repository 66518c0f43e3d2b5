package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotState;
import io.pgcdc.error.Finding;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.queue.QueueHome;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.session.SourceFindings;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.source.HistoryCheck;
import io.pgcdc.source.PublicationCheck;
import io.pgcdc.source.SlotOpening;
import io.pgcdc.source.SlotTakeover;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to one host of the URL, and checks that it fits the queue. Changes nothing on the server. In the queue, it writes only the
 * identity of the source and the server's timeline. Belongs to the capture thread.
 */
final class HostVisit {

    private static final Logger LOG = LoggerFactory.getLogger(HostVisit.class);

    private final PipelineConfig config;
    private final SourceConfig source;
    private final Map<String, Sink> sinks;
    private final Lifecycle lifecycle;
    private final CatalogConnection catalog;
    private final QueueHome home;
    private final boolean takeOver;

    HostVisit(
            PipelineConfig config,
            Map<String, Sink> sinks,
            Lifecycle lifecycle,
            CatalogConnection catalog,
            QueueHome home,
            boolean takeOver) {
        this.takeOver = takeOver;
        this.config = config;
        this.source = config.source();
        this.sinks = sinks;
        this.lifecycle = lifecycle;
        this.catalog = catalog;
        this.home = home;
    }

    /**
     * A host that passed all checks.
     *
     * @param session the connection to the host
     * @param start how the run begins on this host
     */
    record Passed(SourceSession session, Start start) {}

    /**
     * Connects for the first time in a run.
     *
     * @param known opens the existing queue; called only if that queue belongs to the host's database. Null: there is no queue yet
     * @param acceptGap true if a person accepts that changes are missing between the queue and this host
     * @throws io.pgcdc.error.CdcException a check failed; the connection is closed
     */
    Passed first(ServerAddress host, @Nullable Supplier<OpenQueue> known, boolean acceptGap) {
        // if the queue exists, accept a missing slot here: SlotOpening then reports which changes are lost
        boolean mayBeWithoutSlot = source.createSlot() || known != null;
        if (takeOver) {
            catalog.use(host);
            lifecycle.waiting(catalog::abort, () -> {
                new SlotTakeover(source, catalog).end();
                return host;
            });
        }
        SourceSession session =
                SourceSession.open(source, host, catalog, lifecycle, mayBeWithoutSlot, source.createPublication());
        try {
            warnOrRefuse(new PublicationCheck(source, catalog).inspect(session.findings()));
            OpenQueue queue = null;
            if (known != null) {
                home.bind(identity(session));
                queue = known.get();
            }
            SourceFindings.requireNoneFatal(new RouteCheck(new CatalogTables(catalog), config.source(), config.routes())
                    .inspect(queue == null ? null : queue.relations()));
            return new Passed(session, start(session, queue, acceptGap));
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    private static void warnOrRefuse(List<Finding> findings) {
        SourceFindings.requireNoneFatal(findings);
        findings.forEach(finding -> LOG.warn("{} {}", finding.code(), finding.message()));
    }

    /**
     * Decides how the run begins. The slot must be at or before the queue's end, in the same history. If it is not, changes are missing. The
     * run then begins only if a person accepts the gap. For a new queue, compares the slot with the sinks' positions.
     */
    private Start start(SourceSession session, @Nullable OpenQueue queue, boolean acceptGap) {
        if (queue != null && !queue.isNew()) {
            SourceException refusal = refusal(() -> requireNoGap(session, queue.resumeLsn(), queue.resumeLsn()));
            return Start.decide(false, null, refusal, acceptGap);
        }
        SlotState slot = session.findings().slot();
        if (slot == null) {
            return Start.decide(true, null, null, acceptGap);
        }
        LostQueue lost = new LostQueue(sinks, sourceId(session));
        SourceException refusal = refusal(() ->
                lost.check(slot, config.queue().confirm(), session.system().flushLsn(), catalog.where()));
        return Start.decide(true, lost.epoch(), refusal, acceptGap);
    }

    private static @Nullable SourceException refusal(Runnable check) {
        try {
            check.run();
            return null;
        } catch (SourceException e) {
            return e;
        }
    }

    /**
     * Connects again during a run. Creates nothing.
     *
     * @param receivedLsn last LSN received on the lost stream
     * @param resumeLsn LSN where the new stream must continue
     */
    SourceSession again(ServerAddress host, long receivedLsn, long resumeLsn) {
        SourceSession session = SourceSession.open(source, host, catalog, lifecycle, true, false);
        try {
            requireNoGap(session, receivedLsn, resumeLsn);
            recordTimeline(session);
            return session;
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    private void requireNoGap(SourceSession session, long receivedLsn, long resumeLsn) {
        QueueIdentity identity = home.bind(identity(session));
        HistoryCheck.check(session, identity.timeline(), receivedLsn, catalog.where());
        new SlotOpening(source, catalog.where()).check(session.findings().slot(), resumeLsn);
    }

    /** Stores the server's timeline in the queue. A new queue also gets the source's identity; a queue of another source is refused. */
    void recordTimeline(SourceSession session) {
        int timeline = session.system().timeline();
        if (home.bind(identity(session)).timeline() != timeline) {
            LOG.info("the server is now on timeline {}", timeline);
            home.changeTimeline(timeline);
        }
    }

    private QueueIdentity identity(SourceSession session) {
        return new QueueIdentity(
                session.system().systemIdentifier(),
                session.findings().server().database(),
                (int) session.findings().server().databaseOid(),
                source.slot(),
                session.system().timeline(),
                Instant.now());
    }

    SourceId sourceId(SourceSession session) {
        QueueIdentity identity = identity(session);
        return new SourceId(identity.systemIdentifier(), identity.databaseName(), identity.slotName());
    }
}
