package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.Capture;
import io.pgcdc.capture.CaptureRequest;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.delivery.SinkRequest;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Closing;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.Position;
import io.pgcdc.pipeline.PipelineStatus.SinkState;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.pipeline.PipelineStatus.State;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.queue.disk.ChronicleFaults;
import io.pgcdc.sink.Sink;
import io.pgcdc.source.SlotAtStart;
import io.pgcdc.source.SourceConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Carries changes from one slot to its sinks. Runs once. {@link #run} does the capture on the calling thread; each sink and the flusher
 * have threads of their own. {@link #control} and {@link #status} are for any thread.
 */
public final class Pipeline {

    private final PipelineConfig config;
    private final Map<String, Sink> sinks;
    private final Lifecycle lifecycle =
            new Lifecycle(Clock.SYSTEM, ChronicleFaults::explain, ChronicleFaults::isOfAnEndingJvm);
    private final Inboxes inboxes;
    private final PipelineControl control = new Control();
    private Runnable startListener = () -> {};
    private volatile State state = State.NEW;
    private volatile boolean finishAtStart;
    private volatile boolean acceptGap;
    private volatile boolean leaveSlot;
    private volatile @Nullable RunningParts parts;
    private volatile @Nullable SlotAtStart slotAtStart;

    /**
     * Touches nothing yet.
     *
     * @param sinks by their names in the configuration; each is closed by its thread when the run ends
     */
    public Pipeline(PipelineConfig config, Map<String, Sink> sinks) {
        this.config = config;
        this.sinks = new LinkedHashMap<>(sinks);
        this.inboxes = Inboxes.of(sinks.keySet());
    }

    /** Returns a builder, for Java programs. */
    public static PipelineBuilder builder() {
        return new PipelineBuilder();
    }

    /** Called once, on the capture thread, when the stream has started. Set before {@link #run}. */
    public void whenStarted(Runnable listener) {
        startListener = listener;
    }

    /**
     * Starts even if changes between queue and slot are missing, or if the server lost some that were delivered. Logs the gap, and records
     * it in the queue's directory. Set before {@link #run}.
     */
    public void acceptGap() {
        acceptGap = true;
    }

    /** Acknowledges nothing to the server, so the slot does not move. Set before {@link #run}. */
    public void leaveSlot() {
        leaveSlot = true;
    }

    /** Returns where {@link #run} found the slot; null until it has opened it. Any thread. */
    public @Nullable SlotAtStart slotAtStart() {
        return slotAtStart;
    }

    /** Returns what steers and stops the run. Any thread. */
    public PipelineControl control() {
        return control;
    }

    /** Returns where the pipeline stands, before, during or after its run. Asks neither server nor disk. Any thread. */
    public PipelineStatus status() {
        RunningParts now = parts;
        State as = state;
        if (as == State.RUNNING && lifecycle.stopping()) {
            as = State.STOPPING;
        }
        boolean ended = as == State.STOPPED || as == State.FAILED;
        List<SinkStatus> ofSinks = sinks.keySet().stream()
                .map(name -> now == null
                        ? new SinkStatus(name, ended ? SinkState.STOPPED : SinkState.NEW, null, 0, null)
                        : now.sinkStatus(name, ended))
                .toList();
        return new PipelineStatus(config.name(), as, now == null ? null : now.sourceStatus(), ofSinks);
    }

    /**
     * Runs until stopped, caught up, or failed.
     *
     * @throws io.pgcdc.error.CdcException the first error of any thread
     * @throws IllegalStateException it ran before
     */
    public void run() {
        synchronized (this) {
            if (state != State.NEW) {
                throw new IllegalStateException("pipeline " + config.name() + " runs, or ran, already; make another");
            }
            state = State.STARTING;
        }
        PipelineThreads threads = new PipelineThreads(config.name());
        State end = State.FAILED;
        try {
            threads.here("capture", () -> run(threads));
            end = State.STOPPED;
        } finally {
            state = end;
            inboxes.close("pipeline " + config.name() + " has ended");
        }
    }

    private void run(PipelineThreads threads) {
        Map<String, Sink> withoutThread = new LinkedHashMap<>(sinks);
        try (PipelineStart start = PipelineStart.open(config, sinks, lifecycle, acceptGap)) {
            slotAtStart = start.slotAtStart();
            PipelineRun run = new PipelineRun(
                    config, start.source(leaveSlot), start.queue(), lifecycle, inboxes, start.closing());
            try {
                run.run(sinks, threads, new RunListener(start));
            } finally {
                withoutThread.keySet().removeAll(run.handedOver());
            }
        } catch (SourceException e) {
            // while it waited for a slot in use
            if (!lifecycle.stopping()) {
                throw e;
            }
        } catch (QueueException e) {
            lifecycle.fail(e);
        } finally {
            closeAll(withoutThread);
        }
        lifecycle.rethrow();
    }

    private static void closeAll(Map<String, Sink> sinks) {
        try (Closing closing = new Closing()) {
            sinks.values().forEach(closing::add);
        }
    }

    static CatalogConnection catalog(ServerAddress address, SourceConfig source) {
        return new CatalogConnection(
                address.jdbcUrl(), address.properties(), address.describe(), (int) source.receiveTimeoutMs());
    }

    private final class RunListener implements PipelineRun.Listener {

        private final PipelineStart start;

        RunListener(PipelineStart start) {
            this.start = start;
        }

        @Override
        public void streaming(Capture capture, Acknowledgement acknowledgement) {
            OpenQueue queue = start.queue();
            parts = new RunningParts(
                    config.source(), start::host, capture, acknowledgement, queue.progress(), queue.sinks());
            state = State.RUNNING;
            // whoever asks for the end looks for the parts after saying so
            if (finishAtStart) {
                capture.finishAt(start.flushLsnAtStart());
            }
        }

        @Override
        public void running() {
            startListener.run();
        }
    }

    private final class Control implements PipelineControl {

        @Override
        public void stop() {
            lifecycle.stop();
        }

        @Override
        public void stopWhenCaughtUp() {
            // run() does the reverse: it names the parts, then looks whether this was asked for
            finishAtStart = true;
            RunningParts now = parts;
            if (now != null && !lifecycle.stopping()) {
                now.finishAtEndOfWal();
            }
        }

        @Override
        public CompletableFuture<Void> pause(String sink) {
            return post(sink, new SinkRequest.Pause());
        }

        @Override
        public CompletableFuture<Void> resume(String sink) {
            return post(sink, new SinkRequest.Resume());
        }

        @Override
        public CompletableFuture<Void> rewind(String sink, Position position) {
            return post(sink, new SinkRequest.Rewind(position));
        }

        private CompletableFuture<Void> post(String sink, SinkRequest request) {
            CompletableFuture<Void> done = inboxes.sink(sink).post(request);
            RunningParts now = parts;
            if (now != null) {
                now.queue().wake(); // a sink that waits for changes
            }
            return done;
        }

        @Override
        public CompletableFuture<Void> pauseCapture() {
            return inboxes.capture().post(CaptureRequest.PAUSE);
        }

        @Override
        public CompletableFuture<Void> resumeCapture() {
            return inboxes.capture().post(CaptureRequest.RESUME);
        }
    }
}
