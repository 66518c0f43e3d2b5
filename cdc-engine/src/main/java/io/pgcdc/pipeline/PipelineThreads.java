package io.pgcdc.pipeline;

import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The threads of a run. A thread's name contains the pipeline and its role, for loggers that print threads. SLF4J's MDC holds the pipeline's
 * name under the key {@value #MDC_KEY}. Belongs to the thread that runs the pipeline.
 */
final class PipelineThreads implements Workers {

    static final String MDC_KEY = "pipeline";

    /** The longest wait of a turn. */
    private static final long WAIT_MS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(PipelineThreads.class);

    /** Time for an interrupted thread to end. */
    private static final long INTERRUPTED_MS = 1_000;

    private final String pipeline;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Thread, Worker> aside = new LinkedHashMap<>();

    PipelineThreads(String pipeline) {
        this.pipeline = pipeline;
    }

    /** Runs the work on the calling thread, under a temporary name. */
    void here(String role, Runnable work) {
        Thread caller = Thread.currentThread();
        String name = caller.getName();
        caller.setName(name(role));
        try {
            named(work);
        } finally {
            caller.setName(name);
        }
    }

    @Override
    public void start(String role, Worker worker) {
        Thread thread = started(role, worker);
        threads.removeIf(other -> !other.isAlive()); // a long run starts many readers of snapshots
        threads.add(thread);
    }

    @Override
    public void startAside(String role, Worker worker) {
        aside.put(started(role, worker), worker);
    }

    private Thread started(String role, Worker worker) {
        Map<String, String> context = MDC.getCopyOfContextMap();
        Thread thread = new Thread(
                () -> {
                    if (context != null) {
                        MDC.setContextMap(context); // what the program that runs the pipeline puts into its log lines
                    }
                    named(() -> work(worker));
                },
                name(role));
        // a sink that hangs in its target must not keep the process alive
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void work(Worker worker) {
        while (worker.turn(WAIT_MS)) {
            // each turn finds its own work
        }
        worker.end();
    }

    private String name(String role) {
        return "cdc/" + pipeline + "/" + role;
    }

    private void named(Runnable work) {
        String before = MDC.get(MDC_KEY);
        MDC.put(MDC_KEY, pipeline);
        try {
            work.run();
        } finally {
            if (before == null) {
                MDC.remove(MDC_KEY);
            } else {
                MDC.put(MDC_KEY, before);
            }
        }
    }

    /**
     * Waits for all threads to end, in total {@code timeoutMs}. Then interrupts those that still run, and leaves them after another moment: a
     * target that hangs does not delay a stop.
     */
    @Override
    public void join(long timeoutMs, Lifecycle lifecycle) {
        aside.values().forEach(Worker::abort);
        awaitAll(threads, timeoutMs);
        aside.keySet().forEach(Thread::interrupt);
        awaitAll(aside.keySet(), INTERRUPTED_MS);
        List<Thread> hanging = threads.stream().filter(Thread::isAlive).toList();
        if (hanging.isEmpty()) {
            return;
        }
        lifecycle.giveUp();
        hanging.forEach(Thread::interrupt);
        awaitAll(hanging, INTERRUPTED_MS);
        LOG.warn(
                "stopped without {}: no answer within {} ms. The next start repeats the changes that it did not confirm.",
                hanging.stream().map(this::role).collect(Collectors.joining(", ")),
                timeoutMs);
    }

    private String role(Thread thread) {
        return thread.getName().substring(name("").length());
    }

    private static void awaitAll(Collection<Thread> threads, long timeoutMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        boolean interrupted = false;
        for (Thread thread : threads) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            while (thread.isAlive() && left > 0) {
                try {
                    thread.join(left);
                } catch (InterruptedException e) {
                    // keep waiting: an interrupt passed on to the flusher would close its files
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
