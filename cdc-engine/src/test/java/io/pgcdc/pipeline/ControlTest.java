package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.pipeline.PipelineStatus.SinkState;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program pauses, resumes, retries and rewinds one sink of its pipeline, and pauses capture. */
class ControlTest {

    private static final long DEADLINE_S = 30;

    @TempDir
    Path directory;

    private final CollectingSink one = new CollectingSink();
    private final CollectingSink other = new CollectingSink();

    private TestSource source() throws Exception {
        return new TestSource(PgServer.shared(18), directory).statusIntervalMs(200);
    }

    private RunningPipeline run(TestSource source) throws Exception {
        return run(source, one, other);
    }

    private static RunningPipeline run(TestSource source, Sink one, Sink other) throws Exception {
        return new RunningPipeline(source, Map.of("one", one, "other", other));
    }

    private static void done(CompletableFuture<Void> request) throws Exception {
        request.get(DEADLINE_S, TimeUnit.SECONDS);
    }

    private static Throwable refusal(CompletableFuture<Void> request) {
        return assertThrows(ExecutionException.class, () -> request.get(DEADLINE_S, TimeUnit.SECONDS))
                .getCause();
    }

    private static void assertRefused(ErrorCode code, CompletableFuture<Void> request) {
        assertEquals(
                code, assertInstanceOf(CdcException.class, refusal(request)).code());
    }

    private static SinkState state(Pipeline pipeline, String sink) {
        return pipeline.status().sinks().stream()
                .filter(s -> s.name().equals(sink))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static boolean capturePaused(Pipeline pipeline) {
        PipelineStatus.Source source = pipeline.status().source();
        assertNotNull(source);
        return source.paused();
    }

    @Test
    void onlyThePausedSinkStopsUntilItIsResumed() throws Exception {
        try (TestSource source = source();
                RunningPipeline run = run(source)) {
            PipelineControl control = run.pipeline().control();
            source.sql("INSERT INTO t VALUES (1)");
            Await.until("the first row", () -> one.seen().size() == 1);
            done(control.pause("one"));
            assertEquals(SinkState.PAUSED, state(run.pipeline(), "one"));
            assertEquals(SinkState.RUNNING, state(run.pipeline(), "other"));
            done(control.pause("one"));
            source.sql("INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (3)");
            long commit = source.walLsn();
            Await.until("the other sink", () -> other.seen().size() == 3);

            control.stopWhenCaughtUp();
            source.awaitStatusAfter("300 ms");
            assertTrue(run.isRunning(), "not all is delivered: it waits for the paused sink");
            assertEquals(1, one.offered().size());
            assertTrue(Lsn.compare(source.confirmedFlushLsn(), commit) < 0);

            done(control.resume("one"));
            assertNull(run.awaitEnd());
            assertEquals(List.of("1", "2", "3"), one.column("id"));
            assertEquals(List.of("1", "2", "3"), other.column("id"));
        }
    }

    @Test
    void onlyTheRewoundSinkGetsChangesAgain() throws Exception {
        try (TestSource source = source().segmentChanges(2);
                RunningPipeline run = run(source)) {
            PipelineControl control = run.pipeline().control();
            source.sql("INSERT INTO t VALUES (1)", "INSERT INTO t SELECT generate_series(2, 6)");
            Await.until("the rows", () -> one.seen().size() == 6 && other.seen().size() == 6);
            List<Position> all = one.positions();
            long flushed = source.confirmedFlushLsn();
            // inside the large transaction
            done(control.rewind("one", all.get(3)));
            Await.until("the end again", () -> one.seen().size() == 8);
            // the sink is paused; it continues when it is resumed
            done(control.pause("one"));
            done(control.rewind("one", all.get(0)));
            assertEquals(SinkState.PAUSED, state(run.pipeline(), "one"));
            assertEquals(8, one.seen().size());
            done(control.resume("one"));
            source.sql("INSERT INTO t VALUES (7)");
            assertTrue(Lsn.compare(source.confirmedFlushLsn(), flushed) >= 0, "it only grows");
            run.finish();
            assertEquals(
                    List.of("1", "2", "3", "4", "5", "6", "5", "6", "2", "3", "4", "5", "6", "7"), one.column("id"));
            assertEquals(all.subList(1, 6), one.positions().subList(8, 13), "the same positions");
            assertEquals(List.of("1", "2", "3", "4", "5", "6", "7"), other.column("id"));
        }
    }

    @Test
    void aRestartKeepsTheRewindAndNotThePause() throws Exception {
        try (TestSource source = source()) {
            try (RunningPipeline run = run(source)) {
                source.sql("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
                Await.until("the rows", () -> one.seen().size() == 2);
                done(run.pipeline().control().pause("one"));
                done(run.pipeline().control().rewind("one", one.positions().get(0)));
                run.stop();
            }
            CollectingSink again = new CollectingSink();
            try (RunningPipeline run = run(source, again, other)) {
                run.finish();
            }
            assertEquals(List.of("2"), again.column("id"));
        }
    }

    @Test
    void aRefusedRewindLeavesTheSinkWhereItWas() throws Exception {
        try (TestSource source = source();
                RunningPipeline run = run(source)) {
            PipelineControl control = run.pipeline().control();
            assertRefused(ErrorCode.REWIND_REFUSED, control.rewind("one", new Position(0, 1, 0)));
            source.sql("INSERT INTO t VALUES (1)");
            Await.until("the row", () -> one.seen().size() == 1);
            Position last = one.positions().get(0);
            Await.until(
                    "its checkpoint",
                    () -> run.pipeline().status().sinks().stream().allMatch(s -> last.equals(s.position())));
            assertRefused(ErrorCode.QUEUE_SEGMENT_RELEASED, control.rewind("one", new Position(0, 1, 0)));
            assertRefused(
                    ErrorCode.REWIND_REFUSED,
                    control.rewind("one", new Position(0, last.commitLsn(), last.ordinal() + 1)));
            assertEquals(
                    "no sink absent; the sinks are: one, other",
                    assertThrows(IllegalArgumentException.class, () -> control.pause("absent"))
                            .getMessage());
            source.sql("INSERT INTO t VALUES (2)");
            run.finish();
            assertEquals(List.of("1", "2"), one.column("id"));
        }
    }

    /** The unfinished batch is kept, because the sink may rely on its repeat. */
    @Test
    void aSinkWhoseTargetFailsCanBePausedAndNotRewound() throws Exception {
        AtomicBoolean free = new AtomicBoolean();
        one.answering(batch -> {
            if (!free.get()) {
                throw new SinkException(ErrorCode.SINK_WRITE_FAILED, "busy; test; wait.");
            }
            return Durability.DURABLE;
        });
        try (TestSource source = source();
                RunningPipeline run = run(source)) {
            PipelineControl control = run.pipeline().control();
            source.sql("INSERT INTO t VALUES (1)");
            Await.until("the trouble", () -> state(run.pipeline(), "one") == SinkState.RETRYING);
            assertRefused(ErrorCode.REWIND_REFUSED, control.rewind("one", new Position(0, 1, 0)));
            done(control.pause("one"));
            int attempts = one.offered().size();
            assertEquals(SinkState.PAUSED, state(run.pipeline(), "one"));
            free.set(true);
            source.awaitStatusAfter("300 ms");
            assertEquals(attempts, one.offered().size(), "no attempt while it is paused");
            done(control.resume("one"));
            run.finish();
            assertEquals(List.of("1"), one.column("id"));
        }
    }

    @Test
    void aPermanentlyFailedSinkTakesNoOtherRequestsThanARetry() throws Exception {
        SinkException gone = new SinkException(ErrorCode.SINK_CLOSED, "gone; test; start again.");
        one.answering(batch -> {
            throw gone;
        });
        try (TestSource source = source();
                RunningPipeline run = run(source)) {
            PipelineControl control = run.pipeline().control();
            source.sql("INSERT INTO t VALUES (1)");
            Await.until("the end of the sink", () -> state(run.pipeline(), "one") == SinkState.FAILED);
            assertTrue(one.isClosed());
            for (CompletableFuture<Void> request : List.of(
                    control.pause("one"), control.resume("one"), control.rewind("one", new Position(0, 1, 0)))) {
                Throwable refused = refusal(request);
                assertEquals(
                        ErrorCode.SINK_FAILED,
                        assertInstanceOf(CdcException.class, refused).code());
                assertTrue(refused.getMessage().contains("CDC-503 gone"), refused.getMessage());
            }
            done(control.pause("other"));
            assertRefused(ErrorCode.SINK_FAILED, control.retry("one")); // nothing makes it anew
            control.stop();
            assertSame(gone, run.awaitEnd());
        }
    }

    @Test
    void aRetriedSinkGetsTheSameChangesAgainInANewObject() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        SinkException gone = new SinkException(ErrorCode.SINK_CLOSED, "gone; test; start again.");
        one.answering(batch -> {
            if (batch.stream().anyMatch(change -> "2".equals(change.row().get("id")))) {
                throw gone;
            }
            return Durability.DURABLE;
        });
        CollectingSink second = new CollectingSink().answering(batch -> {
            if (full.get()) {
                throw gone;
            }
            return Durability.DURABLE;
        });
        CollectingSink third = new CollectingSink();
        Queue<Sink> made = new ConcurrentLinkedQueue<>(List.of(second, third));
        try (TestSource source = source();
                RunningPipeline run = new RunningPipeline(
                        source, Map.of("one", one, "other", other), p -> p.remakingSinks(name -> made.remove()))) {
            PipelineControl control = run.pipeline().control();
            source.sql("INSERT INTO t VALUES (1)");
            Await.until("the first row", () -> one.seen().size() == 1);
            source.sql("INSERT INTO t VALUES (2)");
            Await.until("the failure", () -> state(run.pipeline(), "one") == SinkState.FAILED);
            source.sql("INSERT INTO t VALUES (3)");
            Await.until("the other sink", () -> other.seen().size() == 3);
            done(control.retry("one"));
            Await.until("the second failure", second::isClosed);
            Await.until("the failure's note", () -> state(run.pipeline(), "one") == SinkState.FAILED);
            done(control.retry("one"));
            Await.until("the rest", () -> third.seen().size() == 2);
            Await.until("the state", () -> state(run.pipeline(), "one") == SinkState.RUNNING);
            run.finish(); // without the errors of the earlier objects
            assertEquals(List.of("2", "3"), third.column("id"));
            assertEquals(List.of("1", "2", "3"), other.column("id"));
            assertTrue(third.isClosed());
        }
    }

    @Test
    void aRetryEndsThePauseOfASinkWhoseTargetFails() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        one.answering(batch -> {
            if (failures.incrementAndGet() <= 9) { // the next pause is half a minute
                throw new SinkException(ErrorCode.SINK_WRITE_FAILED, "busy; test; wait.");
            }
            return Durability.DURABLE;
        });
        try (TestSource source = source();
                RunningPipeline run = run(source)) {
            source.sql("INSERT INTO t VALUES (1)");
            while (one.seen().isEmpty()) {
                done(run.pipeline().control().retry("one"));
            }
            run.finish();
        }
        assertEquals(List.of("1"), one.column("id"));
    }

    @Test
    void invariant9APausedCaptureReadsNothingAndTheServerIsStillAnswered() throws Exception {
        try (TestSource source = source()) {
            source.sql("ALTER ROLE postgres IN DATABASE " + source.database() + " SET wal_sender_timeout = '2s'");
            try (RunningPipeline run = run(source)) {
                PipelineControl control = run.pipeline().control();
                source.sql("INSERT INTO t VALUES (1)");
                Await.until("the row", () -> one.seen().size() == 1);
                assertFalse(capturePaused(run.pipeline()));
                done(control.pauseCapture());
                assertTrue(capturePaused(run.pipeline()));
                source.sql("INSERT INTO t VALUES (2)");
                // longer than wal_sender_timeout
                source.awaitStatusAfter("3 s");
                assertTrue(run.isRunning());
                assertEquals(1, one.offered().size());
                done(control.resumeCapture());
                assertFalse(capturePaused(run.pipeline()));
                run.finish();
            }
            assertEquals(List.of("1", "2"), one.column("id"));
        }
    }

    @Test
    void aStopEndsPausesAndWaitingRequests() throws Exception {
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        other.answering(batch -> {
            atWork.countDown();
            goOn.await();
            return Durability.DURABLE;
        });
        try (TestSource source = source();
                RunningPipeline run = run(source)) {
            PipelineControl control = run.pipeline().control();
            done(control.pause("one"));
            source.sql("INSERT INTO t VALUES (1)");
            atWork.await();
            done(control.pauseCapture());
            CompletableFuture<Void> waits = control.pause("other");
            control.stop();
            goOn.countDown();
            assertNull(run.awaitEnd(), "no thread had to be interrupted");
            assertInstanceOf(IllegalStateException.class, refusal(waits));
            assertEquals(List.of(), one.offered());
            assertTrue(one.isClosed());
            for (Supplier<CompletableFuture<Void>> request : List.<Supplier<CompletableFuture<Void>>>of(
                    () -> control.resume("one"), control::pauseCapture, control::resumeCapture)) {
                assertThrows(IllegalStateException.class, () -> request.get());
            }
        }
    }

    @Test
    void aRequestBeforeTheRunAppliesFromItsStart() throws Exception {
        try (TestSource source = source()) {
            try (RunningPipeline run = run(source)) {
                run.finish(); // creates slot and queue
            }
            source.sql("INSERT INTO t VALUES (1)");
            Map<String, Sink> sinks = new LinkedHashMap<>();
            CollectingSink first = new CollectingSink();
            CollectingSink second = new CollectingSink();
            sinks.put("one", first);
            sinks.put("other", second);
            Pipeline pipeline = new Pipeline(source.config(), sinks);
            PipelineControl control = pipeline.control();
            CompletableFuture<Void> paused = control.pause("one");
            assertFalse(paused.isDone());
            control.stopWhenCaughtUp();
            Thread runner = new Thread(pipeline::run, "test-capture");
            runner.start();
            done(paused);
            Await.until("the other sink", () -> second.seen().size() == 1);
            assertEquals(List.of(), first.offered());
            done(control.resume("one"));
            runner.join();
            assertEquals(List.of("1"), first.column("id"));
            source.awaitSlotFree();
        }
    }
}
