package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotState;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.disk.QueueDirectory;
import io.pgcdc.session.SourceFindings;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.source.HistoryCheck;
import io.pgcdc.source.SlotOpening;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSession;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks one host of the URL against the queue. Changes nothing on the server. In the queue it changes only the binding to a source. Capture
 * thread.
 */
final class HostVisit {

    private static final Logger LOG = LoggerFactory.getLogger(HostVisit.class);

    private final PipelineConfig config;
    private final SourceConfig source;
    private final Map<String, Sink> sinks;
    private final Lifecycle lifecycle;
    private final CatalogConnection catalog;
    private final QueueDirectory directory;

    HostVisit(
            PipelineConfig config,
            Map<String, Sink> sinks,
            Lifecycle lifecycle,
            CatalogConnection catalog,
            QueueDirectory directory) {
        this.config = config;
        this.source = config.source();
        this.sinks = sinks;
        this.lifecycle = lifecycle;
        this.catalog = catalog;
        this.directory = directory;
    }

    /** A connection to a host that passed all checks, and how the run begins there. */
    record Passed(SourceSession session, Start start) {}

    /**
     * Connects for the first time in a run.
     *
     * @param known opens the queue; called only if the queue belongs to the host's database. Null: the directory is new
     * @param acceptGap true if a person accepts that changes are missing at this host
     * @throws io.pgcdc.error.CdcException a check failed; the connection is closed
     */
    Passed first(ServerAddress host, @Nullable Supplier<OpenQueue> known, boolean acceptGap) {
        // a missing slot of a known queue passes here: SlotOpening then tells which changes are lost
        boolean mayBeWithoutSlot = source.createSlot() || known != null;
        SourceSession session =
                SourceSession.open(source, host, catalog, lifecycle, mayBeWithoutSlot, source.createPublication());
        try {
            OpenQueue queue = null;
            if (known != null) {
                directory.bind(identity(session));
                queue = known.get();
            }
            SourceFindings.requireNoneFatal(new RouteCheck(new CatalogTables(catalog), config)
                    .inspect(queue == null ? null : queue.relations()));
            return new Passed(session, start(session, queue, acceptGap));
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /**
     * Decides how the run begins. No silent gap: the slot must be at or before the queue's end, on the same history. Otherwise a person must
     * accept the gap.
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
        QueueIdentity identity = directory.bind(identity(session));
        HistoryCheck.check(session, identity.timeline(), receivedLsn, catalog.where());
        new SlotOpening(source, catalog.where()).check(session.findings().slot(), resumeLsn);
    }

    /** Binds the queue to the source, and records the server's timeline. */
    void recordTimeline(SourceSession on) {
        int timeline = on.system().timeline();
        if (directory.bind(identity(on)).timeline() != timeline) {
            LOG.info("the server has changed to timeline {}", timeline);
            directory.changeTimeline(timeline);
        }
    }

    private QueueIdentity identity(SourceSession of) {
        return new QueueIdentity(
                of.system().systemIdentifier(),
                of.findings().server().database(),
                (int) of.findings().server().databaseOid(),
                source.slot(),
                of.system().timeline(),
                Instant.now());
    }

    SourceId sourceId(SourceSession of) {
        QueueIdentity identity = identity(of);
        return new SourceId(identity.systemIdentifier(), identity.databaseName(), identity.slotName());
    }
}
