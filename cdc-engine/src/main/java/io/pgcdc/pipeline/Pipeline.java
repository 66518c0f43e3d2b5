package io.pgcdc.pipeline;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.config.PipelineConfig;
import io.pgcdc.sink.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One road from a slot to its sinks. {@link #run} does the capture on the calling thread; each sink and the flusher have threads of
 * their own. The other methods may be called from any thread.
 */
public final class Pipeline {

    private static final long STOP_MS = 10_000;

    private final PipelineConfig config;
    private final Map<String, Sink> sinks;
    private final Lifecycle lifecycle = new Lifecycle();
    private Runnable startListener = () -> {};
    private volatile boolean finishAtStart;
    private volatile @Nullable CaptureLoop running;

    /**
     * Touches nothing yet.
     *
     * @param sinks by their names in the configuration; closed when the run ends
     */
    public Pipeline(PipelineConfig config, Map<String, Sink> sinks) {
        this.config = config;
        this.sinks = new LinkedHashMap<>(sinks);
    }

    /** Called once, on the capture thread, when the stream has started. Set before {@link #run}. */
    public void whenStarted(Runnable listener) {
        startListener = listener;
    }

    /** Lets {@link #run} return once all that the server holds now (or at the start) is delivered and acknowledged. */
    public void finishWhenCaughtUp() {
        CaptureLoop capture = running;
        if (capture == null) {
            finishAtStart = true;
            return;
        }
        try (CatalogConnection catalog = catalog(config)) {
            capture.finishAt(new SlotUpkeep(catalog).currentFlushLsn());
        }
    }

    /** An orderly stop: the batches at hand are finished and checkpointed, then {@link #run} returns. */
    public void requestStop() {
        lifecycle.stop();
    }

    /**
     * Runs until stopped, caught up, or failed.
     *
     * @throws io.pgcdc.error.CdcException the first error of any thread
     */
    public void run() {
        try (PipelineStart start = PipelineStart.open(config)) {
            Threads threads = new Threads();
            QueueProgress progress = start.queue().progress();
            List<DeliveryLoop> deliveries = start.deliveries(sinks, lifecycle);
            CaptureLoop capture = start.capture(lifecycle);
            if (finishAtStart) {
                capture.finishAt(start.flushLsnAtStart());
            }
            running = capture;
            threads.start("cdc-queue-sync", new QueueFlusher(start.queue().store(), progress, lifecycle));
            for (DeliveryLoop delivery : deliveries) {
                threads.start("cdc-sink-" + delivery.name(), delivery);
            }
            try {
                startListener.run();
                capture.run();
            } catch (Throwable failure) {
                lifecycle.fail(failure);
            }
            lifecycle.stop();
            progress.close();
            threads.join(STOP_MS);
            if (!lifecycle.failed()) {
                capture.sayGoodbye();
            }
        } finally {
            running = null;
            sinks.values().forEach(Sink::close);
        }
        lifecycle.rethrow();
    }

    static CatalogConnection catalog(PipelineConfig config) {
        var address = config.source().address();
        return new CatalogConnection(address.jdbcUrl(), address.properties(), address.describe());
    }

    /** The threads of a run, waited for together. */
    private static final class Threads {

        private final List<Thread> threads = new ArrayList<>();

        void start(String name, Runnable work) {
            Thread thread = new Thread(work, name);
            // a sink that hangs in its target must not hold the process
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }

        void join(long timeoutMs) {
            long deadline = System.nanoTime() + timeoutMs * 1_000_000;
            boolean interrupted = false;
            for (Thread thread : threads) {
                try {
                    thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                if (thread.isAlive()) {
                    thread.interrupt();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
