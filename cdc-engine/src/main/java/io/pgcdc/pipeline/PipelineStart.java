package io.pgcdc.pipeline;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.config.ConfirmPolicy;
import io.pgcdc.config.PipelineConfig;
import io.pgcdc.config.SourceConfig;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.QueueDirectory;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.sink.Sink;
import io.pgcdc.wire.ReplicationConnection;
import io.pgcdc.wire.SystemIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Opens everything in an order in which a refusal leaves nothing behind: looks at queue directory and server first, compares them,
 * and only then creates what it was told to create.
 */
final class PipelineStart implements AutoCloseable {

    private final PipelineConfig config;
    private final Closing closing = new Closing();
    private final CatalogConnection catalog;
    private final ReplicationConnection connection;
    private final SystemIdentity system;
    private final OpenQueue queue;

    private PipelineStart(PipelineConfig config) {
        this.config = config;
        try {
            QueueDirectory directory =
                    closing.add(QueueDirectory.open(config.queue().dir()));
            catalog = closing.add(Pipeline.catalog(config));
            SourceConfig source = config.source();
            boolean known = directory.identity() != null;
            // a slot that a queue belongs to is never created again: SlotOpening says what is lost
            Preflight.Findings findings = new Preflight(catalog, source.slot(), source.publications())
                    .check(source.createSlot() || known, source.createPublication());
            connection = closing.add(ReplicationConnection.open(
                    source.address().jdbcUrl(),
                    source.address().properties(),
                    source.address().describe()));
            system = connection.identifySystem();
            QueueIdentity identity = new QueueIdentity(
                    system.systemIdentifier(),
                    findings.server().database(),
                    (int) findings.server().databaseOid(),
                    source.slot(),
                    system.timeline(),
                    Instant.now());
            if (known) {
                directory.bind(identity);
            }
            OpenQueue held = known ? OpenQueue.open(directory, config, closing) : null;
            long slotLsn = new SlotOpening(catalog, source).open(findings, held == null || held.isNew() ? null : held);
            directory.bind(identity);
            queue = held == null ? OpenQueue.open(directory, config, closing) : held;
            queue.startFrom(slotLsn);
            catalog.limitAnswers((int) source.receiveTimeoutMs());
        } catch (RuntimeException | Error e) {
            closing.close();
            throw e;
        }
    }

    static PipelineStart open(PipelineConfig config) {
        return new PipelineStart(config);
    }

    /** End of the server's WAL when the connection was made. */
    long flushLsnAtStart() {
        return system.flushLsn();
    }

    OpenQueue queue() {
        return queue;
    }

    /** One loop a sink, each with a tailer and a checkpoint of its own. */
    List<DeliveryLoop> deliveries(Map<String, Sink> sinks, Lifecycle lifecycle) {
        List<DeliveryLoop> loops = new ArrayList<>();
        sinks.forEach((name, sink) -> {
            SinkProgress progress = queue.addSink(name);
            Tailer tailer = closing.add(new Tailer(queue.store(), progress.nextIndex()));
            loops.add(new DeliveryLoop(name, sink, tailer, queue.relations(), progress, queue.progress(), lifecycle));
        });
        return loops;
    }

    /** Starts the stream. To be called after {@link #deliveries}. */
    CaptureLoop capture(Lifecycle lifecycle) {
        SourceConfig source = config.source();
        Acknowledgement acknowledgement = new Acknowledgement(
                queue.acknowledgedLsn(), queue.progress().durableMark().endLsn());
        OpenSegment segment = new OpenSegment(
                queue.store(), queue.progress(), (int) config.queue().segmentBytes(), OpenQueue.EPOCH);
        SegmentWriter writer = new SegmentWriter(
                segment,
                queue.relations(),
                new RelationAssembly(catalog, source.publications())::assemble,
                acknowledgement,
                queue.lastCommitLsn(),
                queue.lastMessageLsn(),
                config.maxRowBytes());
        connection.start(source.slot(), queue.resumeLsn(), PgOutput.VERSION, source.publications(), (int)
                source.receiveTimeoutMs());
        CaptureLoop.Timing timing = new CaptureLoop.Timing(
                source.statusIntervalMs(), config.queue().flushIntervalMs(), source.receiveTimeoutMs());
        return new CaptureLoop(
                connection, writer, segment, acknowledgement, safeEndLsn(), queue.captureState(), lifecycle, timing);
    }

    private LongSupplier safeEndLsn() {
        QueueProgress progress = queue.progress();
        List<SinkProgress> sinks = queue.sinks();
        if (config.queue().confirm() == ConfirmPolicy.QUEUE) {
            return () -> progress.durableMark().endLsn();
        }
        return () -> {
            long least = -1; // unsigned: above every LSN
            for (SinkProgress sink : sinks) {
                least = Lsn.min(least, sink.durableEndLsn());
            }
            return least;
        };
    }

    @Override
    public void close() {
        closing.close();
    }
}
