package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.delivery.ReplayPlace;
import io.pgcdc.delivery.ReplayPlan;
import io.pgcdc.delivery.ReplayRequest;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.pipeline.PipelineStatus.Progress;
import io.pgcdc.pipeline.PipelineStatus.SinkState;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.sink.Durability;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a sink is in the queue, and in a replay, as programs and {@code cdc status} read it. */
class ProgressTest {

    private static final int ROWS = 6;

    /** Each row fills a segment. */
    private static final long ROW_BYTES = 40_000;

    @TempDir
    Path directory;

    /** How many batches the sink takes before its target fails. */
    private final AtomicInteger permits = new AtomicInteger();

    private CollectingSink sink() {
        return new CollectingSink().answering(batch -> {
            if (permits.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                throw new SinkException(ErrorCode.SINK_WRITE_FAILED, "busy; test; wait.");
            }
            return Durability.DURABLE;
        });
    }

    private static SinkStatus status(Pipeline pipeline) {
        return pipeline.status().sinks().get(0);
    }

    private static Progress queue(Pipeline pipeline) {
        Progress queue = status(pipeline).queue();
        assertNotNull(queue);
        return queue;
    }

    private static void awaitNothingLeft(Pipeline pipeline, long to) throws Exception {
        Await.until(
                "nothing left",
                () -> queue(pipeline).left() == 0 && queue(pipeline).to() == to);
    }

    /** Waits until the target fails in the replay. */
    private static Progress interrupted(Pipeline pipeline) throws Exception {
        Await.until("a part of the replay", () -> {
            SinkStatus status = status(pipeline);
            return status.replay() != null && status.state() == SinkState.RETRYING;
        });
        Progress replay = status(pipeline).replay();
        assertNotNull(replay);
        return replay;
    }

    /** A sink has a part of a large transaction. */
    private void withinATransaction(TestSource source, Pipeline pipeline) throws Exception {
        permits.set(2);
        source.sql("INSERT INTO wide SELECT -i, repeat('x', " + ROW_BYTES + ") FROM generate_series(1, 3) i");
        Await.until("a part of it", () -> status(pipeline).state() == SinkState.RETRYING);
        assertNull(status(pipeline).position());
        Progress part = queue(pipeline);
        assertTrue(part.at() - part.from() >= ROW_BYTES && part.left() >= ROW_BYTES, part.toString());
        permits.set(Integer.MAX_VALUE);
        // its commit may reach the queue after the part was looked at
        Await.until(
                "the whole transaction",
                () -> status(pipeline).position() != null && queue(pipeline).left() == 0);
        assertTrue(queue(pipeline).to() >= part.to(), queue(pipeline).toString());
        permits.set(0);
    }

    @Test
    void aBacklogAndAReplayAreMeasuredInBytesOfTheQueue() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)
                .segmentBytes(16_384)
                .retain(1 << 20, 1 << 24)) {
            source.sql("CREATE TABLE wide (id int PRIMARY KEY, v text)");
            Progress part;
            CollectingSink first = sink();
            try (RunningPipeline run = new RunningPipeline(source, first)) {
                Pipeline pipeline = run.pipeline();
                withinATransaction(source, pipeline);
                Progress before = queue(pipeline);
                for (int i = 0; i < ROWS; i++) {
                    source.sql("INSERT INTO wide VALUES (" + i + ", repeat('x', " + ROW_BYTES + "))");
                }
                Await.until("all in the queue", () -> queue(pipeline).left() >= ROWS * ROW_BYTES);
                assertTrue(
                        queue(pipeline).left() < (ROWS + 1) * ROW_BYTES,
                        queue(pipeline).toString());
                assertEquals(before.at(), queue(pipeline).at());
                long to = queue(pipeline).to();
                permits.set(Integer.MAX_VALUE);
                awaitNothingLeft(pipeline, to);
                assertNull(status(pipeline).replay());

                permits.set(2);
                ReplayPlace from = new ReplayPlace(first.positions().get(3), null);
                CompletableFuture<ReplayPlan> plan =
                        pipeline.control().replay("out", new ReplayRequest(from, null, List.of(), false));
                assertTrue(plan.get().complete());
                part = interrupted(pipeline);
                assertTrue(part.at() > part.from() && part.left() >= 2 * ROW_BYTES, part.toString());
                assertEquals(to, part.to(), "it ends where the sink was");
                awaitNothingLeft(pipeline, to);
            }
            try (RunningPipeline run = new RunningPipeline(source, sink())) {
                Pipeline pipeline = run.pipeline();
                assertEquals(part, interrupted(pipeline), "the next run knows where it began");
                permits.set(Integer.MAX_VALUE);
                Await.until("the replay's end", () -> status(pipeline).replay() == null);
            }
        }
    }
}
