package io.pgcdc.pipeline;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.config.DeliveryConfig;
import io.pgcdc.config.PipelineConfig;
import io.pgcdc.config.SourceConfig;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.queue.LocalDisk;
import io.pgcdc.queue.QueueDirectory;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.sink.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private PipelineStart(PipelineConfig config, Lifecycle lifecycle, boolean acceptGap) {
        this.config = config;
        this.source = config.source();
        this.lifecycle = lifecycle;
        try {
            directory = closing.add(QueueDirectory.open(config.queue().dir()));
            if (!config.queue().allowNetworkFs()) {
                LocalDisk.require(directory.path());
            }
            catalog = closing.add(Pipeline.catalog(config));
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
            OpenQueue held = known ? OpenQueue.open(directory, config, closing) : null;
            if (held != null) {
                routes.require(held.relations());
            }
            long slotLsn = held == null || held.isNew()
                    ? new SlotOpening(catalog, source).open(session.findings(), null)
                    : goOn(held, acceptGap);
            recordTimeline();
            queue = held == null ? OpenQueue.open(directory, config, closing) : held;
            queue.startFrom(slotLsn);
            catalog.limitAnswers((int) source.receiveTimeoutMs());
        } catch (RuntimeException | Error e) {
            closing.close();
            throw e;
        }
    }

    /**
     * Looks at nothing yet but opens all.
     *
     * @param acceptGap go on though changes are missing between queue and slot
     */
    static PipelineStart open(PipelineConfig config, Lifecycle lifecycle, boolean acceptGap) {
        return new PipelineStart(config, lifecycle, acceptGap);
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

    OpenQueue queue() {
        return queue;
    }

    /** One loop a sink, each with a tailer and a checkpoint of its own. */
    List<DeliveryLoop> deliveries(Map<String, Sink> sinks) {
        List<DeliveryLoop> loops = new ArrayList<>();
        lifecycle.sinks(sinks.size());
        sinks.forEach((name, sink) -> {
            DeliveryConfig delivery = config.delivery(name);
            SinkProgress progress = queue.addSink(name, delivery.start());
            Tailer tailer = closing.add(new Tailer(queue.store(), progress.nextIndex()));
            DeadLetters aside = delivery.deadLetter() ? new DeadLetters(name, directory.deadLetters(name)) : null;
            Route route = new Route(name, config.route(name), source.publications(), queue.relations()::before);
            loops.add(new DeliveryLoop(
                    name,
                    sink,
                    delivery,
                    route,
                    aside,
                    tailer,
                    queue.relations(),
                    progress,
                    queue.progress(),
                    lifecycle));
        });
        return loops;
    }

    /** Starts the stream. To be called after {@link #deliveries}. */
    Capture capture() {
        Acknowledgement acknowledgement = new Acknowledgement(
                queue.acknowledgedLsn(), queue.progress().durableMark().endLsn());
        OpenSegment segment = new OpenSegment(
                queue.store(), queue.progress(), (int) config.queue().segmentBytes(), queue.epoch());
        SegmentWriter writer = new SegmentWriter(
                segment,
                queue.relations(),
                new RelationAssembly(catalog, source.publications())::assemble,
                acknowledgement,
                queue.lastCommitLsn(),
                queue.lastMessageLsn(),
                config.maxRowBytes());
        CaptureLoop.Timing timing = new CaptureLoop.Timing(
                source.statusIntervalMs(), config.queue().flushIntervalMs(), source.receiveTimeoutMs());
        SafePoint safe = new SafePoint(config.queue().confirm(), queue.progress(), queue.sinks());
        CaptureLoop loop = new CaptureLoop(
                writer,
                segment,
                acknowledgement,
                safe,
                queue.captureState(),
                lifecycle,
                timing,
                new Heartbeat(new SlotUpkeep(catalog), source.heartbeatIntervalMs()),
                new QueueSpace(config.queue(), queue.store(), safe, acknowledgement));
        startStream(session);
        return closing.add(new Capture(
                session, () -> reconnect(acknowledgement.receivedLsn()), loop, lifecycle, source.reconnect()));
    }

    @Override
    public void close() {
        closing.close();
    }
}
