package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pgcdc.sink.Sink;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a pipeline on its own thread. It has started when the constructor returns. */
public final class RunningPipeline implements AutoCloseable {

    private static final long DEADLINE_S = 40;

    private final TestSource source;
    private final Pipeline pipeline;
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    public RunningPipeline(TestSource source, Sink sink) throws Exception {
        this(source, Map.of("out", sink));
    }

    public RunningPipeline(TestSource source, Map<String, Sink> sinks) throws Exception {
        this(source, sinks, pipeline -> {});
    }

    /** @param before prepares the pipeline before it runs */
    public RunningPipeline(TestSource source, Map<String, Sink> sinks, Consumer<Pipeline> before) throws Exception {
        this.source = source;
        CountDownLatch started = new CountDownLatch(1);
        pipeline = new Pipeline(source.config(), sinks);
        pipeline.whenStarted(started::countDown);
        before.accept(pipeline);
        thread = new Thread(
                () -> {
                    try {
                        pipeline.run();
                    } catch (Throwable e) {
                        failure = e;
                    } finally {
                        started.countDown();
                    }
                },
                "test-capture");
        thread.start();
        if (!started.await(DEADLINE_S, TimeUnit.SECONDS)) {
            throw new AssertionError("the pipeline did not start");
        }
        rethrow();
    }

    /** Throws the error that ended the pipeline, if there is one. */
    public RunningPipeline rethrow() {
        Throwable thrown = failure;
        if (thrown != null) {
            throw new AssertionError("the pipeline failed", thrown);
        }
        return this;
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    public boolean isRunning() {
        return thread.isAlive();
    }

    /** Waits until the run ends. Returns its error, or null. */
    public @Nullable Throwable awaitEnd() throws Exception {
        thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));
        assertFalse(thread.isAlive(), "the pipeline still runs");
        source.awaitSlotFree();
        return failure;
    }

    /** Waits until all changes that the server holds now are delivered and acknowledged. */
    public void finish() throws Exception {
        pipeline.control().stopWhenCaughtUp();
        awaitEnd();
        rethrow();
    }

    /** Stops the pipeline in order. */
    public void stop() throws Exception {
        pipeline.control().stop();
        awaitEnd();
        rethrow();
    }

    @Override
    public void close() {
        pipeline.control().stop();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));
            source.awaitSlotFree();
        } catch (Exception e) {
            throw new AssertionError("the pipeline did not stop", e);
        }
    }
}
