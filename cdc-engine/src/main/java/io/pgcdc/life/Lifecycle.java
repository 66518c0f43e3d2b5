package io.pgcdc.life;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Whether the pipeline shall go on, and the first reason why not. Any thread. */
public final class Lifecycle {

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> sinkFailure = new AtomicReference<>();
    private final AtomicInteger workingSinks = new AtomicInteger();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Clock clock;

    public Lifecycle(Clock clock) {
        this.clock = clock;
    }

    /** The time of the run. */
    public Clock clock() {
        return clock;
    }

    /** An orderly stop. */
    public void stop() {
        stop.countDown();
    }

    /** A stop because of an error; the first one is kept. */
    public void fail(Throwable error) {
        if (stopping() && isOfAnEndingJvm(error)) {
            return;
        }
        failure.compareAndSet(null, error);
        stop.countDown();
    }

    /**
     * A JVM that ends takes no more shutdown hooks, and the queue's library wants one when it is loaded: what a thread was about to do is not
     * done, and comes again.
     */
    private static boolean isOfAnEndingJvm(Throwable error) {
        return error instanceof ExceptionInInitializerError || error instanceof NoClassDefFoundError;
    }

    /** A sink stopped alone. The run goes on while another works, and ends with the first such error in any case. */
    public void failSink(Throwable error) {
        sinkFailure.compareAndSet(null, error);
        if (workingSinks.decrementAndGet() == 0) {
            stop.countDown();
        }
    }

    /** To be called before the first sink starts. */
    public void sinks(int count) {
        workingSinks.set(count);
    }

    public boolean stopping() {
        return stop.getCount() == 0;
    }

    /** Waits for so long, or until it is time to stop. */
    public void awaitStop(long milliseconds) throws InterruptedException {
        clock.await(stop, milliseconds);
    }

    /** The same for a thread that nobody interrupts but to stop it. False when it is time to stop. */
    public boolean pause(long milliseconds) {
        try {
            awaitStop(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
        return !stopping();
    }

    /** Whether something failed that all depends on. */
    public boolean failed() {
        return failure.get() != null;
    }

    /** Throws what was reported first, if anything. */
    public void rethrow() {
        Throwable error = failure.get() == null ? sinkFailure.get() : failure.get();
        if (error instanceof RuntimeException e) {
            throw e;
        }
        if (error instanceof InternalError e) {
            // how the JVM reports that a page of a mapped file could not be had
            throw new QueueException(
                    ErrorCode.QUEUE_IO,
                    "a file of the queue could not be read or written in memory: " + e.getMessage()
                            + ". Look at the disk's free space and health, then start again: nothing is lost.",
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
