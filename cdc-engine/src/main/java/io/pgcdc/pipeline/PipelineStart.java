package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.Capture;
import io.pgcdc.capture.CaptureLoop;
import io.pgcdc.capture.Standstill;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotState;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Closing;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.QueueStorage;
import io.pgcdc.queue.disk.DirectoryStorage;
import io.pgcdc.queue.disk.LocalDisk;
import io.pgcdc.queue.disk.QueueDirectory;
import io.pgcdc.session.SourceFindings;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.source.HistoryCheck;
import io.pgcdc.source.HostChoice;
import io.pgcdc.source.RelationAssembly;
import io.pgcdc.source.SilentStream;
import io.pgcdc.source.SlotAtStart;
import io.pgcdc.source.SlotOpening;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSession;
import io.pgcdc.wire.ReplicationStream;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens everything in an order in which a refusal leaves nothing behind: looks at queue directory and server first, compares them,
 * and only then creates what it was told to create.
 */
final class PipelineStart implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineStart.class);

    /** Errors that a person may overrule: something is missing for good, and is named. */
    private static final Set<ErrorCode> GAPS =
            Set.of(ErrorCode.SLOT_GONE, ErrorCode.POSITION_GAP, ErrorCode.TIMELINE_FORKED, ErrorCode.SERVER_BEHIND);

    /** Those after which LSNs no longer mean what they meant. */
    private static final Set<ErrorCode> FORKS = Set.of(ErrorCode.TIMELINE_FORKED, ErrorCode.SERVER_BEHIND);

    private final PipelineConfig config;
    private final SourceConfig source;
    private final Map<String, Sink> sinks;
    private final Lifecycle lifecycle;
    private final Closing closing = new Closing();
    private final QueueDirectory directory;
    private final boolean known;
    private final QueueStorage storage;
    private final CatalogConnection catalog;
    private final HostChoice hosts;
    private final SourceSession session;
    private final OpenQueue queue;
    private final long slotLsnAtStart;

    /** Null until a host was found that the queue belongs to; a new queue is opened last. */
    private @Nullable OpenQueue held;

    private PipelineStart(PipelineConfig config, Map<String, Sink> sinks, Lifecycle lifecycle, boolean acceptGap) {
        this.config = config;
        this.source = config.source();
        this.sinks = sinks;
        this.lifecycle = lifecycle;
        try {
            directory = closing.add(QueueDirectory.open(config.queue().dir()));
            if (!config.queue().allowNetworkFs()) {
                LocalDisk.require(directory.path());
            }
            hosts = new HostChoice(source.address(), lifecycle, Capture.PASSING);
            catalog = closing.add(Pipeline.catalog(source.address(), source));
            storage = new DirectoryStorage(directory);
            known = directory.identity() != null;
            Ready ready = choose(acceptGap);
            session = closing.add(ready.session);
            long slotLsn = new SlotOpening(catalog, source).open(session);
            slotLsnAtStart = slotLsn;
            recordTimeline(session);
            OpenQueue opened = held;
            queue = opened == null ? OpenQueue.open(storage, config, closing, lifecycle.clock()) : opened;
            queue.startFrom(slotLsn, ready.firstEpoch);
            SourceException gap = ready.gap;
            if (gap != null) {
                queue.acceptGap(
                        gap, FORKS.contains(gap.code()), session.system().timeline(), slotLsn);
            }
            queue.walEndsAt(flushLsnAtStart());
        } catch (RuntimeException | Error e) {
            closing.close();
            throw e;
        }
    }

    /**
     * Looks at nothing yet but opens all.
     *
     * @param sinks may be asked what they have
     * @param acceptGap go on though changes are missing between queue and slot
     */
    static PipelineStart open(PipelineConfig config, Map<String, Sink> sinks, Lifecycle lifecycle, boolean acceptGap) {
        return new PipelineStart(config, sinks, lifecycle, acceptGap);
    }

    /** A host that passed the checks, and what a person accepts to be missing there; null: nothing is. */
    private record Ready(
            SourceSession session, int firstEpoch, @Nullable SourceException gap) {}

    /** Invariant 5: the slot stands where the queue ends, or before, and both share a history; or a person says that it need not. */
    private Ready choose(boolean acceptGap) {
        try {
            return hosts.first(host -> visit(host, false), false);
        } catch (CdcException e) {
            if (!acceptGap || !GAPS.contains(e.code()) || lifecycle.stopping()) {
                throw e;
            }
            return hosts.withGap(host -> visit(host, true), GAPS);
        }
    }

    /** Changes nothing on the server, and nothing in the queue. */
    private Ready visit(ServerAddress host, boolean acceptGap) {
        // a slot that a queue belongs to is never created untold: SlotOpening says what is lost
        SourceSession visited = SourceSession.open(
                source, host, catalog, lifecycle, source.createSlot() || known, source.createPublication());
        try {
            if (known) {
                directory.bind(identity(visited));
                held = held == null ? OpenQueue.open(storage, config, closing, lifecycle.clock()) : held;
            }
            OpenQueue own = held;
            SourceFindings.requireNoneFatal(
                    new RouteCheck(catalog, config).inspect(own == null ? null : own.relations()));
            SlotState slot = visited.findings().slot();
            boolean isNew = own == null || own.isNew();
            LostQueue lost = isNew && slot != null ? new LostQueue(sinks, sourceId(visited)) : null;
            SourceException gap = null;
            try {
                if (lost != null && slot != null) {
                    lost.check(slot, config.queue().confirm(), visited.system().flushLsn(), catalog.where());
                }
                if (own != null && !isNew) {
                    requireSharedHistory(visited, own.resumeLsn());
                    new SlotOpening(catalog, source).check(visited, own.resumeLsn());
                }
            } catch (SourceException e) {
                if (!acceptGap || !GAPS.contains(e.code())) {
                    throw e;
                }
                gap = e;
            }
            return new Ready(visited, lost == null ? 0 : lost.epoch(), gap);
        } catch (RuntimeException | Error e) {
            visited.close();
            throw e;
        }
    }

    private void requireSharedHistory(SourceSession checked, long receivedLsn) {
        QueueIdentity identity = directory.bind(identity(checked));
        HistoryCheck.check(checked, identity.timeline(), receivedLsn, catalog.where());
    }

    private void recordTimeline(SourceSession on) {
        int timeline = on.system().timeline();
        if (directory.bind(identity(on)).timeline() != timeline) {
            LOG.info("the server is on timeline {} now", timeline);
            directory.changeTimeline(timeline);
        }
    }

    /** A connection after the first: the same checks, and nothing is created. */
    private SourceSession reconnect(long receivedLsn) {
        return hosts.first(
                host -> {
                    SourceSession again = SourceSession.open(source, host, catalog, lifecycle, true, false);
                    try {
                        requireSharedHistory(again, receivedLsn);
                        new SlotOpening(catalog, source).check(again, queue.resumeLsn());
                        recordTimeline(again);
                        startStream(again);
                        return again;
                    } catch (RuntimeException e) {
                        again.close();
                        throw e;
                    }
                },
                true);
    }

    private void startStream(SourceSession on) {
        on.connection().start(source.slot(), queue.resumeLsn(), PgOutput.VERSION, source.publications(), (int)
                source.receiveTimeoutMs());
    }

    /** End of the server's WAL when the connection was made. */
    long flushLsnAtStart() {
        return session.system().flushLsn();
    }

    SlotAtStart slotAtStart() {
        return new SlotAtStart(slotLsnAtStart, flushLsnAtStart());
    }

    OpenQueue queue() {
        return queue;
    }

    PipelineParts parts(Inboxes inboxes) {
        return new PipelineParts(config, sourceId(session), lifecycle, queue, closing, inboxes);
    }

    /** The host that is captured from. Any thread. */
    ServerAddress host() {
        return hosts.current();
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

    private SourceId sourceId(SourceSession of) {
        QueueIdentity identity = identity(of);
        return new SourceId(identity.systemIdentifier(), identity.databaseName(), identity.slotName());
    }

    /**
     * Starts the stream. To be called after {@link PipelineParts#deliveries}.
     *
     * @param silent the server hears nothing of what is safe
     */
    Capture capture(PipelineParts parts, Acknowledgement acknowledgement, boolean silent) {
        CaptureLoop loop = parts.captureLoop(
                acknowledgement,
                new RelationAssembly(catalog, source.slot(), source.publications()),
                new SlotUpkeep(catalog)::emitMessage,
                () -> LocalDisk.freeBytes(directory.path()));
        startStream(session);
        return closing.add(new Capture(
                stream(session, silent),
                () -> stream(reconnect(acknowledgement.receivedLsn()), silent),
                loop,
                new Standstill(source.slot(), catalog::where),
                lifecycle,
                source.reconnect()));
    }

    private static ReplicationStream stream(SourceSession of, boolean silent) {
        return silent ? new SilentStream(of.connection()) : of.connection();
    }

    @Override
    public void close() {
        closing.close();
    }
}
