package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.Capture;
import io.pgcdc.capture.CaptureRequest;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.delivery.ReplayPlan;
import io.pgcdc.delivery.ReplayRequest;
import io.pgcdc.delivery.SinkRequest;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.SinkException;
import io.pgcdc.error.SourceException;
import io.pgcdc.feed.FeedPlace;
import io.pgcdc.feed.Subscription;
import io.pgcdc.feed.Subscriptions;
import io.pgcdc.guard.SlotLook;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Closing;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.Position;
import io.pgcdc.pipeline.PipelineStatus.SinkState;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.pipeline.PipelineStatus.State;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.queue.QueueHome;
import io.pgcdc.queue.disk.ChronicleFaults;
import io.pgcdc.queue.disk.DirectoryHome;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkMetrics;
import io.pgcdc.snapshot.SnapshotRequest;
import io.pgcdc.snapshot.Snapshots;
import io.pgcdc.source.SlotAtStart;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.view.RouteConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries changes from one slot to its sinks. Runs once. {@link #run} captures on the calling thread. Each sink has its own thread, and so has
 * the flusher. Any thread may call {@link #control} and {@link #status}.
 */
public final class Pipeline {

    private static final String COMMIT_TO_DURABLE = "commit_to_durable";

    private final PipelineConfig config;
    private final Map<String, Sink> sinks;
    private final Lifecycle lifecycle =
            new Lifecycle(Clock.SYSTEM, ChronicleFaults::explain, ChronicleFaults::isOfAnEndingJvm);
    private final Inboxes inboxes;
    private final PipelineControl control = new Control();
    private Function<String, Sink> sinksAgain = name -> {
        throw cannotRemake(name);
    };
    private Runnable startListener = () -> {};
    private Supplier<? extends AutoCloseable> companion = () -> () -> {};
    private Supplier<QueueHome> home;
    private volatile State state = State.NEW;
    private volatile boolean finishAtStart;
    private volatile boolean acceptGap;
    private volatile boolean leaveSlot;
    private volatile boolean takeOver;
    private Function<String, SinkMetrics> metrics = sink -> SinkMetrics.NONE;
    private volatile @Nullable RunningParts parts;
    private volatile @Nullable BacklogReader backlog;
    private volatile @Nullable Subscriptions subscriptions;
    private volatile @Nullable TableCosts costs;
    private volatile @Nullable SlotAtStart slotAtStart;
    private volatile Supplier<@Nullable SlotLook> slot = () -> null;

    /**
     * Opens nothing yet.
     *
     * @param sinks by their names in the configuration; the sink's thread closes it when the run ends
     */
    public Pipeline(PipelineConfig config, Map<String, Sink> sinks) {
        this.config = config;
        this.sinks = new LinkedHashMap<>(sinks);
        this.inboxes = Inboxes.of(sinks.keySet());
        this.home = () -> DirectoryHome.open(config.queue());
    }

    /** Returns a builder, for Java programs. */
    public static PipelineBuilder builder() {
        return new PipelineBuilder();
    }

    /** Sets a listener for the start of the stream. It is called once, on the capture thread. Set it before {@link #run}. */
    public void whenStarted(Runnable listener) {
        startListener = listener;
    }

    /**
     * Sets what is open beside the run. It is opened when the run has locked its queue, before it connects to the server, and closed before the run
     * unlocks the queue, so that it may own files there. Both on the capture thread. Set it before {@link #run}.
     */
    public void whileRunning(Supplier<? extends AutoCloseable> opened) {
        companion = opened;
    }

    /**
     * Sets where the queue is kept; without this call, in its directory. Called once, on the capture thread; the run closes it. Set it before
     * {@link #run}.
     */
    public void keepQueueIn(Supplier<QueueHome> opened) {
        home = opened;
    }

    /**
     * Sets the metrics of the sinks, by name. The engine records the timer {@code commit_to_durable} in them. Set it before {@link #run}.
     */
    public void metrics(Function<String, SinkMetrics> ofSinks) {
        metrics = ofSinks;
    }

    /**
     * Sets how a sink is made anew by its name, after it failed permanently. Without it, {@link PipelineControl#retry} cannot start such a sink.
     * Called on the sink's thread. Set it before {@link #run}.
     */
    public void remakingSinks(Function<String, Sink> maker) {
        sinksAgain = maker;
    }

    /**
     * Makes the run start even if changes between queue and slot are missing, or if the server lost changes that were delivered. The run logs
     * the gap and records it in the queue's directory. Call this before {@link #run}.
     */
    public void acceptGap() {
        acceptGap = true;
    }

    /**
     * Makes the start end the connection of an earlier owner of the slot: one of the same role whose application_name is that of the source's URL.
     * For a program that knows from elsewhere that no other may use the slot. Call this before {@link #run}.
     */
    public void takeSlotOver() {
        takeOver = true;
    }

    /** Makes the run acknowledge nothing to the server, so that the slot does not move. Call this before {@link #run}. */
    public void leaveSlot() {
        leaveSlot = true;
    }

    /** Returns the slot's position at the start of {@link #run}, or null before it is known. Any thread. */
    public @Nullable SlotAtStart slotAtStart() {
        return slotAtStart;
    }

    /**
     * Returns the WAL that the slot holds, as of the last look at the server, during or after the run. Null before the first look, and in a run
     * that leaves the slot as it is. Reads memory only. Any thread.
     */
    public @Nullable SlotStatus slot() {
        SlotLook look = slot.get();
        return look == null ? null : SlotStatus.of(look);
    }

    /** Returns whether the configuration has a feed of that name. */
    public boolean isFeed(String name) {
        return config.feeds().stream().anyMatch(feed -> feed.name().equals(name));
    }

    /** Returns the control that steers and stops the run. Any thread. */
    public PipelineControl control() {
        return control;
    }

    /** Returns the pipeline's status, before, during or after its run. Reads memory only: neither server nor disk. Any thread. */
    public PipelineStatus status() {
        RunningParts now = parts;
        State as = state;
        if (as == State.RUNNING && lifecycle.stopping()) {
            as = State.STOPPING;
        }
        boolean ended = as == State.STOPPED || as == State.FAILED;
        List<SinkStatus> ofSinks = sinks.keySet().stream()
                .map(name -> now == null
                        ? SinkStatus.notStarted(name, ended ? SinkState.STOPPED : SinkState.NEW)
                        : now.sinkStatus(name, ended))
                .toList();
        return new PipelineStatus(
                config.name(),
                as,
                now == null ? null : now.sourceStatus(),
                ended ? null : lifecycle.sourceTrouble(),
                ofSinks,
                now == null ? List.of() : now.snapshots().status());
    }

    /**
     * Returns what the queue holds for each sink; null while the pipeline is not running. Reads headers in the queue's files: the first time all
     * that a sink still needs. Any thread; another caller waits meanwhile, but neither capture nor a sink does.
     */
    public @Nullable PipelineBacklog backlog() {
        BacklogReader reader = backlog;
        return reader == null ? null : reader.read();
    }

    /**
     * Returns what each table's changes cost, the most expensive first; empty before the run streams. If no sink reads some columns of a table, a
     * thread of its own asks the server about its publications, now and then; until then the saving says so. Reads memory only. Any thread.
     */
    public List<TableCost> tables() {
        TableCosts now = costs;
        return now == null ? List.of() : now.read();
    }

    /**
     * Begins to read changes as a sink or a feed of this pipeline sees them. That has no influence on the run. Any thread; close the subscription.
     *
     * @param name of the sink or the feed
     * @throws IllegalArgumentException there is none of that name
     * @throws IllegalStateException the pipeline does not stream, or has ended
     * @throws QueueException see {@link Subscriptions#subscribe}
     * @throws InterruptedException while it waited for others that read
     */
    public Subscription subscribe(String name, FeedPlace place) throws InterruptedException {
        RouteConfig route = config.routes().get(name);
        if (route == null) {
            throw new IllegalArgumentException("there is no sink \"" + name + "\"");
        }
        Subscriptions now = subscriptions;
        if (now == null) {
            throw new IllegalStateException("pipeline " + config.name() + " is not running");
        }
        return now.subscribe(name, route, config.source().publications(), place);
    }

    /** Returns the first position from which the queue holds everything; null: it holds nothing, or the pipeline does not stream. Any thread. */
    public @Nullable Position oldest() {
        Subscriptions now = subscriptions;
        return now == null ? null : now.oldest();
    }

    /**
     * Runs until the pipeline is stopped, has caught up, or fails.
     *
     * @throws io.pgcdc.error.CdcException the first error of any thread
     * @throws IllegalStateException it has already run
     */
    public void run() {
        synchronized (this) {
            if (state != State.NEW) {
                throw new IllegalStateException(
                        "pipeline " + config.name() + " was already run; build another one to run it again");
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
        try (PipelineStart start = PipelineStart.open(config, sinks, lifecycle, acceptGap, home, takeOver, companion)) {
            slotAtStart = start.slotAtStart();
            PipelineRun run = new PipelineRun(
                    config, start.source(leaveSlot), start.queue(), lifecycle, inboxes, start.closing());
            try {
                run.run(sinks, sinksAgain, threads, new RunListener(start));
            } finally {
                withoutThread.keySet().removeAll(run.handedOver());
            }
        } catch (SourceException e) {
            // a stop during the wait for a slot in use is no error
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

    static SinkException cannotRemake(String name) {
        return new SinkException(
                ErrorCode.SINK_FAILED,
                "sink \"" + name
                        + "\" cannot be made anew, because the program added one object. Add it with a Supplier, or run the"
                        + " pipeline again.");
    }

    private static void closeAll(Map<String, Sink> sinks) {
        try (Closing closing = new Closing()) {
            sinks.values().forEach(closing::add);
        }
    }

    static CatalogConnection catalog(ServerAddress address, SourceConfig source) {
        return new CatalogConnection(
                address.jdbcUrl(), address::properties, address.describe(), (int) source.receiveTimeoutMs());
    }

    private final class RunListener implements PipelineRun.Listener {

        private final PipelineStart start;

        RunListener(PipelineStart start) {
            this.start = start;
        }

        @Override
        public void streaming(Capture capture, Acknowledgement acknowledgement) {
            OpenQueue queue = start.queue();
            slot = start::slot;
            start.report();
            parts = new RunningParts(
                    config.source(),
                    start::host,
                    capture,
                    acknowledgement,
                    queue.progress(),
                    queue.sinks(),
                    start.snapshots(),
                    queue.store()::place);
            queue.sinks()
                    .forEach((name, sink) -> sink.measure(metrics.apply(name).timer(COMMIT_TO_DURABLE)));
            backlog = start.closing().add(new BacklogReader(config.queue().dir(), queue));
            subscriptions = start.closing()
                    .add(new Subscriptions(queue.store(), queue.relations(), queue.progress(), queue.resumeLsn()));
            costs = new TableCosts(config, capture.traffic(), start::host);
            state = State.RUNNING;
            // set the parts before this check: stopWhenCaughtUp() sets its flag before it reads them
            if (finishAtStart) {
                capture.finishAt(start.flushLsnAtStart());
            }
        }

        @Override
        public void running() {
            start.closing().add(start.companion());
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
            // set the flag before reading the parts: the run sets them before it reads the flag
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
        public CompletableFuture<Void> retry(String sink) {
            return post(sink, new SinkRequest.Retry());
        }

        @Override
        public CompletableFuture<Void> rewind(String sink, Position position) {
            return post(sink, new SinkRequest.Rewind(position));
        }

        @Override
        public CompletableFuture<ReplayPlan> replay(String sink, ReplayRequest request) {
            return replay(sink, request, true);
        }

        @Override
        public CompletableFuture<ReplayPlan> planReplay(String sink, ReplayRequest request) {
            return replay(sink, request, false);
        }

        private CompletableFuture<ReplayPlan> replay(String sink, ReplayRequest request, boolean begin) {
            CompletableFuture<ReplayPlan> plan = new CompletableFuture<>();
            return post(sink, new SinkRequest.Replay(request, begin, plan::complete))
                    .thenCompose(done -> plan);
        }

        @Override
        public CompletableFuture<Void> cancelReplay(String sink) {
            return post(sink, new SinkRequest.CancelReplay());
        }

        private CompletableFuture<Void> post(String sink, SinkRequest request) {
            CompletableFuture<Void> done = inboxes.sink(sink).post(request);
            RunningParts now = parts;
            if (now != null) {
                now.queue().wake(); // the sink may be waiting for changes
            }
            return done;
        }

        @Override
        public String snapshot(SnapshotRequest request) {
            return snapshots().order(request);
        }

        @Override
        public void pauseSnapshot(String id) {
            snapshots().pause(id, true);
        }

        @Override
        public void resumeSnapshot(String id) {
            snapshots().pause(id, false);
        }

        @Override
        public void cancelSnapshot(String id) {
            snapshots().cancel(id);
        }

        private Snapshots snapshots() {
            RunningParts now = parts;
            if (now == null || state != State.RUNNING) {
                throw new IllegalStateException("pipeline " + config.name() + " is not running");
            }
            return now.snapshots();
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
