package io.pgcdc.cli;

import io.pgcdc.pipeline.Pipeline;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and SIGINT into an orderly stop: the JVM runs its shutdown hooks, and this one holds the exit back until the pipeline
 * has checkpointed. The exit code is then 0, as documented, not the JVM's 143.
 */
final class StopSignal implements AutoCloseable {

    /** Longer than an orderly stop takes; a container's grace period is usually 30 s. */
    private static final long LONGEST_STOP_MS = 25_000;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean failed;

    StopSignal(Pipeline pipeline) {
        hook = new Thread(
                () -> {
                    pipeline.requestStop();
                    awaitFinish();
                },
                "cdc-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void awaitFinish() {
        try {
            boolean inTime = finished.await(LONGEST_STOP_MS, TimeUnit.MILLISECONDS);
            // the JVM's own exit code after a signal is 128 + its number, and cannot be changed but like this
            Runtime.getRuntime().halt(inTime && !failed ? 0 : ErrorReport.FAILED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The pipeline ended with an error. To be called before {@link #close}. */
    void failed() {
        failed = true;
    }

    /** The pipeline has ended. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is going down already, and the hook waits for this
            finished.countDown();
        }
    }
}
