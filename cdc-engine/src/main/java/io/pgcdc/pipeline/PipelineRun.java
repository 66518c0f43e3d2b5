package io.pgcdc.pipeline;

import io.pgcdc.capture.Capture;
import io.pgcdc.capture.CaptureLoop;
import io.pgcdc.capture.CaptureRequest;
import io.pgcdc.capture.ChunkFeed;
import io.pgcdc.capture.ChunkWriter;
import io.pgcdc.capture.SnapshotPhase;
import io.pgcdc.capture.SnapshotWork;
import io.pgcdc.capture.Standstill;
import io.pgcdc.capture.WindowFeed;
import io.pgcdc.capture.Windows;
import io.pgcdc.delivery.DeliveryLoop;
import io.pgcdc.guard.Watched;
import io.pgcdc.life.Closing;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.progress.QueueFlusher;
import io.pgcdc.queue.Custody;
import io.pgcdc.sink.Sink;
import io.pgcdc.snapshot.SnapshotMode;
import io.pgcdc.snapshot.Snapshots;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.wire.ReplicationStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * One run, from an open source and an open queue until all work has ended. It reaches server, disk and threads only through interfaces
 * ({@link OpenSource}, {@link OpenQueue} over a QueueStorage, {@link Workers}), so that a simulation can replace them. Capture thread.
 */
final class PipelineRun {

    /** How long a stop waits for sinks. A container is killed after 10 s, and a stop needs time before and after the sinks' end. */
    private static final long STOP_MS = 2_500;

    private final PipelineConfig config;
    private final OpenSource source;
    private final OpenQueue queue;
    private final Lifecycle lifecycle;
    private final Inboxes inboxes;
    private final Closing closing;
    private final Set<String> handedOver = new HashSet<>();

    /**
     * Starts nothing yet.
     *
     * @param closing gets the resources that the run opens; the caller closes it after the run
     */
    PipelineRun(
            PipelineConfig config,
            OpenSource source,
            OpenQueue queue,
            Lifecycle lifecycle,
            Inboxes inboxes,
            Closing closing) {
        this.config = config;
        this.source = source;
        this.queue = queue;
        this.lifecycle = lifecycle;
        this.inboxes = inboxes;
        this.closing = closing;
    }

    /** Is told how the run begins. */
    interface Listener {

        /** The stream has started. No other work has. */
        void streaming(Capture capture, Acknowledgement acknowledgement);

        /** All work has started. */
        void running();
    }

    /**
     * Captures until the run is stopped, has caught up, or fails. The lifecycle then holds the first error.
     *
     * @param again makes a sink anew by its name
     * @throws io.pgcdc.error.CdcException the run could not start
     */
    void run(Map<String, Sink> sinks, Function<String, Sink> again, Workers workers, Listener listener) {
        PipelineParts parts = new PipelineParts(config, source.id(), lifecycle, queue, closing, inboxes);
        Snapshots snapshots = source.snapshots();
        List<DeliveryLoop> deliveries =
                parts.deliveries(sinks, again, snapshots == null ? sink -> {} : snapshots::orderFor);
        if (snapshots != null) {
            snapshots.tend();
        }
        Acknowledgement acknowledgement = parts.acknowledgement();
        Capture capture = capture(parts, acknowledgement);
        Worker watch = source.watch(new Watched(
                capture::walEndLsn, acknowledgement, queue.progress(), queue.sinks(), parts.confirmation()));
        listener.streaming(capture, acknowledgement);
        workers.start("queue-sync", new QueueFlusher(queue.store(), queue.progress(), lifecycle));
        for (DeliveryLoop delivery : deliveries) {
            workers.start("sink-" + delivery.name(), delivery);
            handedOver.add(delivery.name());
        }
        if (watch != null) {
            workers.startAside("slot-watch", watch);
        }
        if (snapshots != null) {
            snapshots.start(workers::start, this::wakeForSnapshots);
        }
        try {
            listener.running();
            capture.run();
        } catch (Throwable failure) {
            lifecycle.fail(failure);
        }
        lifecycle.stop();
        queue.progress().close();
        if (snapshots != null) {
            snapshots.abort();
        }
        workers.join(STOP_MS, lifecycle);
        if (!lifecycle.failed()) {
            capture.sayGoodbye();
        }
    }

    private void wakeForSnapshots() {
        CompletableFuture<Void> unused = inboxes.capture().post(CaptureRequest.SNAPSHOTS);
    }

    /** Starts the stream, and makes capture. */
    private Capture capture(PipelineParts parts, Acknowledgement acknowledgement) {
        SourceConfig settings = config.source();
        Snapshots snapshots = source.snapshots();
        ChunkWriter chunks = parts.chunkWriter();
        Windows windows = snapshots == null
                ? new Windows(() -> WindowFeed.NONE, () -> true, chunks)
                : new Windows(snapshots::windows, snapshots::isQuiet, chunks);
        CaptureLoop loop = parts.captureLoop(
                acknowledgement,
                source.layouts(),
                chunks,
                windows,
                snapshots == null ? SnapshotWork.NONE : snapshots,
                snapshots == null ? index -> {} : ledgers(snapshots),
                source::emitMessage);
        if (config.snapshot().mode() == SnapshotMode.ONLY) {
            loop.finishAt(queue.resumeLsn());
        }
        ChunkFeed before = snapshots == null ? null : snapshots.before();
        return closing.add(new Capture(
                () -> connected(windows, source.start(queue.resumeLsn())),
                () -> connected(windows, source.again(acknowledgement.receivedLsn(), queue.resumeLsn())),
                before == null ? null : new SnapshotPhase(before, chunks, loop, this::durableThrough, lifecycle),
                loop,
                new Standstill(settings.slot(), source::where),
                lifecycle,
                settings));
    }

    /** Returns what writes the ledgers before capture's checkpoint moves. In memory, they are also written with what is handed over. */
    private LongConsumer ledgers(Snapshots snapshots) {
        Custody custody = queue.storage().custody();
        if (custody == null) {
            return snapshots::durableThrough;
        }
        custody.beforeHandingOver(snapshots::durableThrough);
        return index -> snapshots.durableThrough(durableThrough());
    }

    /** Returns the index of the last segment that is durable here, or was handed over. */
    private long durableThrough() {
        Custody custody = queue.storage().custody();
        return custody == null ? queue.progress().durableMark().index() : custody.handedOverThrough();
    }

    private ReplicationStream connected(Windows windows, ReplicationStream stream) {
        windows.connected(source.nextXid());
        return stream;
    }

    /** Returns the names of the sinks that a worker closes. The caller closes the others. */
    Set<String> handedOver() {
        return handedOver;
    }
}
