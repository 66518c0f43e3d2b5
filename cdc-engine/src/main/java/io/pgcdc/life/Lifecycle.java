package io.pgcdc.life;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tells whether the pipeline runs on, and keeps the first error that stops it. Any thread. */
public final class Lifecycle {

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> sinkFailure = new AtomicReference<>();
    private final AtomicInteger workingSinks = new AtomicInteger();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Clock clock;

    public Lifecycle(Clock clock) {
        this.clock = clock;
    }

    /** Returns the clock of the run. */
    public Clock clock() {
        return clock;
    }

    /** Requests an orderly stop. */
    public void stop() {
        stop.countDown();
    }

    /** Stops because of an error. Keeps the first one. */
    public void fail(Throwable error) {
        if (stopping() && isOfAnEndingJvm(error)) {
            return;
        }
        failure.compareAndSet(null, error);
        stop.countDown();
    }

    /**
     * Returns whether the error comes from a JVM that ends. Such a JVM accepts no shutdown hooks, but the queue's library adds one
     * when it is loaded. The thread's work is not done then, and repeats at the next start.
     */
    private static boolean isOfAnEndingJvm(Throwable error) {
        return error instanceof ExceptionInInitializerError || error instanceof NoClassDefFoundError;
    }

    /**
     * Records the error of one sink. The run continues while another sink works, and ends with the first such error in any case.
     */
    public void failSink(Throwable error) {
        sinkFailure.compareAndSet(null, error);
        if (workingSinks.decrementAndGet() == 0) {
            stop.countDown();
        }
    }

    /** Sets the number of sinks. Call it before the first sink starts. */
    public void sinks(int count) {
        workingSinks.set(count);
    }

    public boolean stopping() {
        return stop.getCount() == 0;
    }

    /** Waits until a stop is requested or the time has passed. */
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

    /** Returns whether something failed that the whole run depends on. */
    public boolean failed() {
        return failure.get() != null;
    }

    /** Throws the first recorded error, if any. */
    public void rethrow() {
        Throwable error = failure.get() == null ? sinkFailure.get() : failure.get();
        if (error instanceof RuntimeException e) {
            throw e;
        }
        if (error instanceof InternalError e) {
            // the JVM throws this if it cannot load a page of a mapped file
            throw new QueueException(
                    ErrorCode.QUEUE_IO,
                    "a mapped file of the queue could not be read or written: " + e.getMessage()
                            + ". Check the disk: df -h for its free space, dmesg for its errors. Then start again: no change is lost.",
                    e);
        }
        if (error instanceof Error e) {
            throw e;
        }
        if (error != null) {
            throw new IllegalStateException(error);
        }
    }
}
