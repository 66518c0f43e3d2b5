package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.Capture;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.delivery.DeliveryLoop;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Closing;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.progress.QueueFlusher;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.sink.Sink;
import io.pgcdc.source.SlotAtStart;
import io.pgcdc.source.SourceConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One road from a slot to its sinks. {@link #run} does the capture on the calling thread; each sink and the flusher have threads of
 * their own. The other methods may be called from any thread.
 */
public final class Pipeline {

    private static final long STOP_MS = 10_000;

    /** How long a thread that was interrupted may take to end. */
    private static final long INTERRUPTED_MS = 1_000;

    private final PipelineConfig config;
    private final Map<String, Sink> sinks;
    private final Lifecycle lifecycle = new Lifecycle(Clock.SYSTEM);
    private Runnable startListener = () -> {};
    private volatile boolean finishAtStart;
    private volatile boolean acceptGap;
    private volatile boolean leaveSlot;
    private volatile @Nullable Capture running;
    private volatile Supplier<ServerAddress> host;
    private volatile @Nullable SlotAtStart slotAtStart;

    /**
     * Touches nothing yet.
     *
     * @param sinks by their names in the configuration; each is closed by its thread when the run ends
     */
    public Pipeline(PipelineConfig config, Map<String, Sink> sinks) {
        this.config = config;
        this.host = config.source()::address;
        this.sinks = new LinkedHashMap<>(sinks);
    }

    /** Makes one in a Java program. */
    public static PipelineBuilder builder() {
        return new PipelineBuilder();
    }

    /** Called once, on the capture thread, when the stream has started. Set before {@link #run}. */
    public void whenStarted(Runnable listener) {
        startListener = listener;
    }

    /**
     * Lets the start go on although changes between queue and slot are missing, or although the server lost some that were delivered.
     * It is logged, and written down in the queue's directory. Set before {@link #run}.
     */
    public void acceptGap() {
        acceptGap = true;
    }

    /** Nothing is acknowledged to the server, whatever the sinks have: the slot stays where it is. Set before {@link #run}. */
    public void leaveSlot() {
        leaveSlot = true;
    }

    /** Lets {@link #run} return once all that the server holds now (or at the start) is delivered and acknowledged. */
    public void finishWhenCaughtUp() {
        // run() does the reverse: it names the loop, then looks whether this was asked for
        finishAtStart = true;
        Capture capture = running;
        if (capture == null) {
            return;
        }
        try (CatalogConnection catalog = catalog(host.get(), config.source())) {
            capture.finishAt(new SlotUpkeep(catalog).currentFlushLsn());
        }
    }

    /** Where {@link #run} found the slot; null as long as it has not opened it. */
    public @Nullable SlotAtStart slotAtStart() {
        return slotAtStart;
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
        Map<String, Sink> withoutThread = new LinkedHashMap<>(sinks);
        try (PipelineStart start = PipelineStart.open(config, sinks, lifecycle, acceptGap)) {
            slotAtStart = start.slotAtStart();
            Threads threads = new Threads();
            QueueProgress progress = start.queue().progress();
            PipelineParts parts = start.parts();
            List<DeliveryLoop> deliveries = parts.deliveries(sinks);
            Capture capture = start.capture(parts, leaveSlot);
            host = start::host;
            running = capture;
            if (finishAtStart) {
                capture.finishAt(start.flushLsnAtStart());
            }
            threads.start("cdc-queue-sync", new QueueFlusher(start.queue().store(), progress, lifecycle));
            for (DeliveryLoop delivery : deliveries) {
                threads.start("cdc-sink-" + delivery.name(), delivery);
                withoutThread.remove(delivery.name());
            }
            try {
                startListener.run();
                capture.run();
            } catch (Throwable failure) {
                lifecycle.fail(failure);
            }
            lifecycle.stop();
            progress.close();
            threads.join(STOP_MS, lifecycle);
            if (!lifecycle.failed()) {
                capture.sayGoodbye();
            }
        } catch (SourceException e) {
            // while it waited for a slot in use
            if (!lifecycle.stopping()) {
                throw e;
            }
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            lifecycle.fail(e);
        } finally {
            running = null;
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

        /** Waits for all of them together; those that do not end are interrupted, and reported. */
        void join(long timeoutMs, Lifecycle lifecycle) {
            awaitAll(timeoutMs);
            List<Thread> hanging = threads.stream().filter(Thread::isAlive).toList();
            if (hanging.isEmpty()) {
                return;
            }
            List<String> names = hanging.stream().map(Thread::getName).toList();
            lifecycle.fail(
                    new SinkException(
                            ErrorCode.SINK_WRITE_FAILED,
                            "still at work " + timeoutMs + " ms after the stop: " + String.join(", ", names)
                                    + ". Look whether the target answers; what it did not confirm comes again at the next start."));
            hanging.forEach(Thread::interrupt);
            awaitAll(INTERRUPTED_MS);
        }

        private void awaitAll(long timeoutMs) {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            boolean interrupted = false;
            for (Thread thread : threads) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                while (thread.isAlive() && left > 0) {
                    try {
                        thread.join(left);
                    } catch (InterruptedException e) {
                        // of the caller; an interrupt passed on to the flusher would close its files
                        interrupted = true;
                    }
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
