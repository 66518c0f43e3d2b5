package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.sink.Durability;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that hangs neither delays a stop nor makes it a failure. */
class HangingSinkTest {

    @TempDir
    Path directory;

    @Test
    void aStopGivesUpSinksThatHangAndTheNextStartRepeatsTheirChanges() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)) {
            source.sql("CREATE PUBLICATION everything FOR ALL TABLES");
            CountDownLatch called = new CountDownLatch(2);
            CountDownLatch never = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            CollectingSink interrupted = new CollectingSink().answering(batch -> {
                called.countDown();
                return afterLatch(never, true);
            });
            CollectingSink deaf = new CollectingSink().answering(batch -> {
                called.countDown();
                return afterLatch(end, false);
            });
            Map<String, io.pgcdc.sink.Sink> sinks = Map.of("interrupted", interrupted, "deaf", deaf);
            RunningPipeline run = new RunningPipeline(source, sinks);
            source.sql("INSERT INTO t VALUES (1)");
            called.await();
            run.stop();
            assertTrue(interrupted.isClosed(), "an interrupted sink has ended in order");
            end.countDown();

            CollectingSink again = new CollectingSink();
            CollectingSink other = new CollectingSink();
            try (RunningPipeline next = new RunningPipeline(source, Map.of("interrupted", again, "deaf", other))) {
                next.finish();
            }
            assertEquals(List.of("1"), again.column("id"));
            assertEquals(List.of("1"), other.column("id"));
            assertNull(run.awaitEnd());
        }
    }

    /** Waits like a target's client. One kind of client ends at an interrupt, with an error of its own; the other ignores it. */
    private static Durability afterLatch(CountDownLatch latch, boolean interruptible) {
        while (true) {
            try {
                latch.await();
                return Durability.ACCEPTED;
            } catch (InterruptedException e) {
                if (interruptible) {
                    throw new IllegalStateException("the client was interrupted", e);
                }
            }
        }
    }
}
