package io.pgcdc.pipeline;

import io.pgcdc.capture.CaptureLoop;
import io.pgcdc.capture.ChunkWriter;
import io.pgcdc.capture.Heartbeat;
import io.pgcdc.capture.PackedSegment;
import io.pgcdc.capture.QueueSpace;
import io.pgcdc.capture.SegmentWriter;
import io.pgcdc.capture.SnapshotWork;
import io.pgcdc.capture.Windows;
import io.pgcdc.delivery.DeadLetters;
import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.DeliveryLoop;
import io.pgcdc.delivery.DeliveryParts;
import io.pgcdc.delivery.SinkReplay;
import io.pgcdc.delivery.SinkRewind;
import io.pgcdc.delivery.Tailer;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.life.Closing;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.progress.CaptureState;
import io.pgcdc.progress.Confirmation;
import io.pgcdc.progress.SafePoint;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.source.LayoutSource;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.view.LayoutHistory;
import io.pgcdc.view.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

/** Makes the parts between a stream and the sinks, over an open queue. The thread that starts the pipeline. */
final class PipelineParts {

    private final PipelineConfig config;
    private final SourceId source;
    private final Lifecycle lifecycle;
    private final OpenQueue queue;
    private final Closing closing;
    private final Inboxes inboxes;
    private final Confirmation confirmation;

    PipelineParts(
            PipelineConfig config,
            SourceId source,
            Lifecycle lifecycle,
            OpenQueue queue,
            Closing closing,
            Inboxes inboxes) {
        this.config = config;
        this.source = source;
        this.lifecycle = lifecycle;
        this.queue = queue;
        this.closing = closing;
        this.inboxes = inboxes;
        this.confirmation =
                Confirmation.of(config.queue().confirm(), queue.storage().confirms());
    }

    /** Returns the confirm policy in force. */
    Confirmation confirmation() {
        return confirmation;
    }

    /**
     * Makes one loop for each sink, each with its own tailer and checkpoint.
     *
     * @param again makes a sink anew by its name
     * @param orderRows orders the rows that exist for a new sink that begins with them
     */
    List<DeliveryLoop> deliveries(Map<String, Sink> sinks, Function<String, Sink> again, Consumer<String> orderRows) {
        List<DeliveryLoop> loops = new ArrayList<>();
        lifecycle.sinks(sinks.size());
        sinks.forEach((name, sink) -> {
            DeliveryConfig delivery = config.delivery(name);
            SinkProgress progress = queue.addSink(name, delivery.start(), orderRows);
            Tailer tailer = closing.add(tailer(name, progress));
            DeadLetters aside = delivery.deadLetter()
                    ? new DeadLetters(name, queue.storage().deadLetters(name))
                    : null;
            Route route = new Route(
                    name, config.route(name), config.source().publications(), LayoutHistory.of(queue.relations()));
            loops.add(new DeliveryLoop(
                    new DeliveryParts(
                            name,
                            sink,
                            () -> again.apply(name),
                            source,
                            delivery,
                            route,
                            aside,
                            tailer,
                            queue.relations(),
                            progress,
                            new SinkRewind(name, queue.store(), queue.retention(), queue.progress(), progress),
                            new SinkReplay(
                                    name,
                                    queue.store(),
                                    queue.relations(),
                                    config.route(name),
                                    queue.retention(),
                                    progress),
                            inboxes.sink(name)),
                    queue.progress(),
                    lifecycle));
        });
        return loops;
    }

    private QueueSpace space(CaptureState state) {
        return queue.storage().custody() == null
                ? new QueueSpace(config.queue(), queue.store(), state, queue.storage()::freeBytes, lifecycle.clock())
                : QueueSpace.inMemory(config.queue(), queue.store(), lifecycle.clock());
    }

    private Tailer tailer(String sink, SinkProgress progress) {
        try {
            return new Tailer(
                    queue.store(), progress.nextIndex(), queue.storage().custody() != null);
        } catch (QueueException e) {
            if (e.code() != ErrorCode.QUEUE_SEGMENT_RELEASED) {
                throw e;
            }
            throw new QueueException(
                    e.code(),
                    "sink \"" + sink + "\" has " + progress.describe()
                            + ", but the queue begins later: it deleted the changes in"
                            + " between while the sink was not in the configuration; " + queue.store()
                            + ". Copy the missing rows into the sink's target, or set start: snapshot. Then have it begin anew:"
                            + " cdc sink reset " + sink + " -c FILE.",
                    e);
        }
    }

    /** Makes the acknowledgement, which continues from the last run. */
    Acknowledgement acknowledgement() {
        return new Acknowledgement(
                queue.acknowledgedLsn(), queue.progress().durableMark().endLsn());
    }

    /** Makes what appends the chunks of snapshots. */
    ChunkWriter chunkWriter() {
        return new ChunkWriter(
                queue.store(),
                queue.progress(),
                queue.relations(),
                (int) config.queue().segmentBytes(),
                (int) config.queue().segmentChanges(),
                queue.epoch(),
                queue.lastReads());
    }

    /**
     * Makes capture's loop. Call it after {@link #deliveries}.
     *
     * @param chunks appends the chunks of snapshots
     * @param windows puts the windows of snapshots into the stream
     * @param snapshots ends and begins snapshots
     * @param beforeCheckpoint see {@link CaptureState}
     * @param heartbeat emits a message with that prefix and returns its LSN
     */
    CaptureLoop captureLoop(
            Acknowledgement acknowledgement,
            LayoutSource layouts,
            ChunkWriter chunks,
            Windows windows,
            SnapshotWork snapshots,
            LongConsumer beforeCheckpoint,
            ToLongFunction<String> heartbeat) {
        SourceConfig source = config.source();
        PackedSegment segment = new PackedSegment(
                queue.store(),
                queue.progress(),
                (int) config.queue().segmentBytes(),
                (int) config.queue().segmentChanges(),
                queue.epoch());
        SegmentWriter writer = new SegmentWriter(
                segment,
                queue.relations(),
                layouts,
                acknowledgement,
                queue.lastCommitLsn(),
                queue.lastMessageLsn(),
                config.maxRowBytes(),
                windows);
        SafePoint safe = new SafePoint(
                confirmation,
                queue.progress(),
                List.copyOf(queue.sinks().values()),
                queue.storage().custody());
        CaptureState state = queue.captureState(config.queue().retainBytes(), beforeCheckpoint);
        return new CaptureLoop(
                writer,
                segment,
                acknowledgement,
                safe,
                state,
                lifecycle,
                new CaptureLoop.Timing(
                        config.queue().gatherMs(),
                        source.statusIntervalMs(),
                        config.queue().flushIntervalMs(),
                        config.queue().flushBytes(),
                        source.receiveTimeoutMs()),
                new Heartbeat(heartbeat, source.heartbeatIntervalMs(), lifecycle.clock()),
                space(state),
                inboxes.capture(),
                chunks,
                snapshots);
    }
}
