package io.pgcdc.life;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Tells if a run must stop, and keeps the first error that stopped it. Any thread. */
public final class Lifecycle {

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Throwable> sinkFailures = new CopyOnWriteArrayList<>();
    private final AtomicInteger workingSinks = new AtomicInteger();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Set<Runnable> waits = ConcurrentHashMap.newKeySet();
    private final Clock clock;
    private final UnaryOperator<Throwable> explain;
    private final Predicate<Throwable> harmlessAtStop;
    private volatile boolean givenUp;
    private volatile @Nullable Throwable sourceTrouble;

    /** Keeps errors as they are. */
    public Lifecycle(Clock clock) {
        this(clock, error -> error, error -> false);
    }

    /**
     * Makes the lifecycle of one run.
     *
     * @param explain converts errors of the libraries, thrown on any thread, to our errors
     * @param harmlessAtStop returns true for an error that does not matter after a stop
     */
    public Lifecycle(Clock clock, UnaryOperator<Throwable> explain, Predicate<Throwable> harmlessAtStop) {
        this.clock = clock;
        this.explain = explain;
        this.harmlessAtStop = harmlessAtStop;
    }

    /** Returns the time of the run. */
    public Clock clock() {
        return clock;
    }

    /** Asks for an orderly stop, and ends the waits that are under way. */
    public void stop() {
        stop.countDown();
        waits.forEach(Runnable::run);
    }

    /**
     * Does work that waits for somebody who may not answer, on the calling thread.
     *
     * @param end ends the wait: the work then fails. Any thread, perhaps more than once; at once if it is time to stop already
     */
    public <T> T waiting(Runnable end, Supplier<T> work) {
        waits.add(end);
        try {
            if (stopping()) {
                end.run();
            }
            return work.get();
        } finally {
            waits.remove(end);
        }
    }

    /**
     * Stops waiting for work that hangs after a stop. Its later errors no longer count: nothing that it did not confirm counts as done, and the
     * next start repeats it.
     */
    public void giveUp() {
        givenUp = true;
    }

    /** Returns true if an error does not matter any more. */
    private boolean isHarmless(Throwable error) {
        return givenUp || (stopping() && harmlessAtStop.test(error));
    }

    /** Stops because of an error. Keeps the first one. */
    public void fail(Throwable error) {
        if (isHarmless(error)) {
            return;
        }
        failure.compareAndSet(null, error);
        stop();
    }

    /** Notes that a sink failed alone. The run continues while another sink works. Its end then throws the first such error. */
    public void failSink(Throwable error) {
        if (givenUp) {
            return;
        }
        sinkFailures.add(error);
        if (workingSinks.decrementAndGet() == 0) {
            stop();
        }
    }

    /** Notes that a failed sink was started again. Its error no longer counts. */
    public void retrySink(Throwable error) {
        workingSinks.incrementAndGet();
        sinkFailures.remove(error);
    }

    /** Sets the number of sinks. Call it before the first one starts. */
    public void sinks(int count) {
        workingSinks.set(count);
    }

    /** Returns true if it is time to stop. */
    public boolean stopping() {
        return stop.getCount() == 0;
    }

    /** Waits until it is time to stop, at most this long. */
    public void awaitStop(long milliseconds) throws InterruptedException {
        clock.await(stop, milliseconds);
    }

    /** Like {@link #awaitStop}, but treats an interrupt as a stop. Returns false if it is time to stop. */
    public boolean pause(long milliseconds) {
        try {
            awaitStop(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
        return !stopping();
    }

    /** Notes why the source cannot be read at the moment. The run tries again. */
    public void sourceFails(Throwable why) {
        sourceTrouble = why;
    }

    /** Notes that the source is read. */
    public void sourceWorks() {
        sourceTrouble = null;
    }

    /** Returns why the source cannot be read at the moment; null: it can, or nothing has failed. */
    public @Nullable Throwable sourceTrouble() {
        return sourceTrouble;
    }

    /** Returns true if a part failed that the whole run depends on. */
    public boolean failed() {
        return failure.get() != null;
    }

    /** Throws the first error, if there is one. */
    public void rethrow() {
        Throwable first = failure.get();
        if (first == null && !sinkFailures.isEmpty()) {
            first = sinkFailures.get(0);
        }
        if (first == null) {
            return;
        }
        Throwable error = explain.apply(first);
        if (error instanceof RuntimeException e) {
            throw e;
        }
        if (error instanceof Error e) {
            throw e;
        }
        throw new IllegalStateException(error);
    }
}
