package io.pgcdc.pipeline;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotState;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.config.PipelineConfig;
import io.pgcdc.config.SourceConfig;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.queue.DirectoryStorage;
import io.pgcdc.queue.LocalDisk;
import io.pgcdc.queue.QueueDirectory;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.QueueStorage;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.wire.ReplicationStream;
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
    private final Lifecycle lifecycle;
    private final Closing closing = new Closing();
    private final QueueDirectory directory;
    private final CatalogConnection catalog;
    private final SourceSession session;
    private final OpenQueue queue;
    private final long slotLsnAtStart;

    private PipelineStart(PipelineConfig config, Map<String, Sink> sinks, Lifecycle lifecycle, boolean acceptGap) {
        this.config = config;
        this.source = config.source();
        this.lifecycle = lifecycle;
        try {
            directory = closing.add(QueueDirectory.open(config.queue().dir()));
            if (!config.queue().allowNetworkFs()) {
                LocalDisk.require(directory.path());
            }
            catalog = closing.add(Pipeline.catalog(config));
            QueueStorage storage = new DirectoryStorage(directory);
            boolean known = directory.identity() != null;
            RouteCheck routes = new RouteCheck(catalog, config);
            if (!known) {
                routes.require(null);
            }
            // a slot that a queue belongs to is never created untold: SlotOpening says what is lost
            session = closing.add(SourceSession.open(
                    source, catalog, lifecycle, source.createSlot() || known, source.createPublication()));
            if (known) {
                directory.bind(session.identity());
            }
            OpenQueue held = known ? OpenQueue.open(storage, config, closing, lifecycle.clock()) : null;
            if (held != null) {
                routes.require(held.relations());
            }
            boolean isNew = held == null || held.isNew();
            LostQueue lost = isNew && session.findings().slot() != null ? new LostQueue(sinks, sourceId()) : null;
            SourceException missing =
                    lost == null ? null : missing(lost, session.findings().slot(), acceptGap);
            long slotLsn = held == null || isNew
                    ? new SlotOpening(catalog, source).open(session.findings(), null)
                    : goOn(held, acceptGap);
            slotLsnAtStart = slotLsn;
            recordTimeline();
            queue = held == null ? OpenQueue.open(storage, config, closing, lifecycle.clock()) : held;
            queue.startFrom(slotLsn, lost == null ? 0 : lost.epoch());
            if (missing != null) {
                queue.acceptGap(
                        missing,
                        FORKS.contains(missing.code()),
                        session.system().timeline(),
                        slotLsn);
            }
            queue.walEndsAt(flushLsnAtStart());
            catalog.limitAnswers((int) source.receiveTimeoutMs());
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

    /** What is missing between sinks and slot, where a person accepts it; null: nothing. */
    private @Nullable SourceException missing(LostQueue lost, @Nullable SlotState slot, boolean acceptGap) {
        try {
            if (slot != null) {
                lost.check(slot, config.queue().confirm(), session.system().flushLsn(), catalog.where());
            }
            return null;
        } catch (SourceException e) {
            if (!acceptGap) {
                throw e;
            }
            return e;
        }
    }

    /** Invariant 5: the slot stands where the queue ends, or before, and both share a history; or a person says that it need not. */
    private long goOn(OpenQueue held, boolean acceptGap) {
        SlotOpening slot = new SlotOpening(catalog, source);
        try {
            requireSharedHistory(session, held.resumeLsn());
            return slot.open(session.findings(), held);
        } catch (SourceException e) {
            if (!acceptGap || !GAPS.contains(e.code())) {
                throw e;
            }
            long slotLsn = slot.open(session.findings(), null);
            held.acceptGap(e, FORKS.contains(e.code()), session.system().timeline(), slotLsn);
            return slotLsn;
        }
    }

    private void requireSharedHistory(SourceSession checked, long receivedLsn) {
        QueueIdentity identity = directory.bind(checked.identity());
        HistoryCheck.check(checked, identity.timeline(), receivedLsn, catalog.where());
    }

    private void recordTimeline() {
        int timeline = session.system().timeline();
        if (directory.bind(session.identity()).timeline() != timeline) {
            directory.changeTimeline(timeline);
        }
    }

    /** A connection after the first: the same checks, and nothing is created. */
    private SourceSession reconnect(long receivedLsn) {
        // what it was connected to may be gone without a word
        catalog.close();
        SourceSession again = SourceSession.open(source, catalog, lifecycle, true, false);
        try {
            requireSharedHistory(again, receivedLsn);
            new SlotOpening(catalog, source).open(again.findings(), queue);
            int timeline = again.system().timeline();
            if (directory.bind(again.identity()).timeline() != timeline) {
                LOG.info("the server is on timeline {} now", timeline);
                directory.changeTimeline(timeline);
            }
            startStream(again);
            return again;
        } catch (RuntimeException e) {
            again.close();
            throw e;
        }
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

    PipelineParts parts() {
        return new PipelineParts(config, sourceId(), lifecycle, queue, closing);
    }

    private SourceId sourceId() {
        QueueIdentity identity = session.identity();
        return new SourceId(identity.systemIdentifier(), identity.databaseName(), identity.slotName());
    }

    /**
     * Starts the stream. To be called after {@link PipelineParts#deliveries}.
     *
     * @param silent the server hears nothing of what is safe
     */
    Capture capture(PipelineParts parts, boolean silent) {
        Acknowledgement acknowledgement = parts.acknowledgement();
        CaptureLoop loop = parts.captureLoop(
                acknowledgement,
                new RelationAssembly(catalog, source.publications())::assemble,
                new SlotUpkeep(catalog)::emitMessage,
                () -> LocalDisk.freeBytes(directory.path()));
        startStream(session);
        return closing.add(new Capture(
                stream(session, silent),
                () -> stream(reconnect(acknowledgement.receivedLsn()), silent),
                loop,
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
