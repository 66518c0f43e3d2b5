package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.delivery.FailurePolicy;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.delivery.StartFrom;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.SinkException;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.view.MaskedColumn;
import io.pgcdc.view.RouteSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant 8: one sink's failure does not affect another sink. */
class IndependentSinksTest {

    @TempDir
    Path directory;

    private final SinkException gone = new SinkException(ErrorCode.SINK_CLOSED, "gone; test; start again.");

    private TestSource source(int version) throws Exception {
        return new TestSource(PgServer.shared(version), directory);
    }

    private static CollectingSink failing(RuntimeException failure) {
        return new CollectingSink().answering(batch -> {
            throw failure;
        });
    }

    private static <T> SettingValues with(Setting<T> setting, T value) {
        return SettingValues.NONE.with(setting, value);
    }

    @EachPostgres
    void invariant8ASinkThatFailsForGoodStopsAloneAndHoldsTheSlot(int version) throws Exception {
        try (TestSource source = source(version)) {
            CollectingSink broken = failing(gone);
            CollectingSink working = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("broken", broken, "working", working))) {
                source.sql("INSERT INTO t VALUES (1)");
                long first = source.walLsn();
                source.sql("INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (3)");
                Await.until("the working sink", () -> working.seen().size() == 3);
                Await.until("the broken sink's end", broken::isClosed);
                assertEquals(1, broken.offered().size(), "it is not called again");
                assertTrue(Lsn.compare(source.confirmedFlushLsn(), first) < 0);
                run.pipeline().control().stopWhenCaughtUp();
                assertSame(gone, run.awaitEnd(), "the run ends, with the error");
                assertTrue(Lsn.compare(source.confirmedFlushLsn(), first) < 0);
            }
            CollectingSink mended = new CollectingSink();
            CollectingSink again = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("broken", mended, "working", again))) {
                run.finish();
            }
            assertEquals(List.of("1", "2", "3"), mended.column("id"));
            assertEquals(List.of(), again.column("id"));
        }
    }

    @EachPostgres
    void invariant8UnderConfirmQueueADeadSinkHoldsNothing(int version) throws Exception {
        try (TestSource source = source(version).confirm(ConfirmPolicy.QUEUE)) {
            CollectingSink working = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(
                    source, Map.of("broken", failing(new IllegalStateException("a defect")), "working", working))) {
                source.sql("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
                long commit = source.walLsn();
                Await.until("the slot to move", () -> Lsn.compare(source.confirmedFlushLsn(), commit) >= 0);
                Await.until("the working sink", () -> working.seen().size() == 2);
                run.pipeline().control().stop();
                assertEquals("a defect", String.valueOf(run.awaitEnd().getMessage()));
            }
            CollectingSink mended = new CollectingSink();
            try (RunningPipeline run =
                    new RunningPipeline(source, Map.of("broken", mended, "working", new CollectingSink()))) {
                run.finish();
            }
            assertEquals(List.of("1", "2"), mended.column("id"));
        }
    }

    @Test
    void stopPipelineStopsEverything() throws Exception {
        try (TestSource source =
                source(18).sink("broken", with(SinkSettings.ON_FAILURE, FailurePolicy.STOP_PIPELINE))) {
            try (RunningPipeline run =
                    new RunningPipeline(source, Map.of("broken", failing(gone), "working", new CollectingSink()))) {
                source.sql("INSERT INTO t VALUES (1)");
                assertSame(gone, run.awaitEnd());
            }
        }
    }

    @Test
    void temporaryErrorsAreRetriedUpToTheTimeLimit() throws Exception {
        SinkException busy = new SinkException(ErrorCode.SINK_WRITE_FAILED, "busy; test; wait.");
        try (TestSource source = source(18).sink("out", with(SinkSettings.RETRY_FOR_MS, 300L))) {
            CollectingSink sink = failing(busy);
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t VALUES (1)");
                // the only sink has failed, so the run ends
                assertSame(busy, run.awaitEnd());
            }
            assertTrue(sink.offered().size() > 2, sink.offered().size() + " attempts");
        }
    }

    /** Under steady load there is always another batch. */
    @Test
    void aSinkThatAcceptsIsFlushedUnderSteadyLoad() throws Exception {
        try (TestSource source = source(18)
                .confirm(ConfirmPolicy.QUEUE)
                .segmentBytes(4_096)
                .sink("out", with(SinkSettings.LINGER_MS, 0L))) {
            CountDownLatch allIsThere = new CountDownLatch(1);
            AtomicInteger flushesWhileBusy = new AtomicInteger();
            CollectingSink sink = new CollectingSink();
            sink.answering(batch -> {
                allIsThere.await();
                flushesWhileBusy.set(sink.flushes());
                return Durability.ACCEPTED;
            });
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                for (int i = 1; i <= 100; i++) {
                    source.sql("INSERT INTO t VALUES (" + i + ", repeat('x', 1000))");
                }
                long written = source.walLsn();
                Await.until("the queue to hold it", () -> Lsn.compare(source.confirmedFlushLsn(), written) >= 0);
                allIsThere.countDown();
                run.finish();
            }
            assertEquals(100, sink.seen().size());
            assertTrue(flushesWhileBusy.get() >= 5, flushesWhileBusy + " flushes");
        }
    }

    @Test
    void aNewSinkBeginsAtTheQueuesBeginningOrNow() throws Exception {
        try (TestSource source = source(18).sink("late", with(SinkSettings.START, StartFrom.NOW))) {
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("first", first))) {
                source.sql("INSERT INTO t VALUES (1)");
                run.finish();
            }
            CollectingSink early = new CollectingSink();
            CollectingSink late = new CollectingSink();
            try (RunningPipeline run =
                    new RunningPipeline(source, Map.of("first", first, "early", early, "late", late))) {
                source.sql("INSERT INTO t VALUES (2)");
                run.finish();
            }
            assertEquals(List.of("1", "2"), first.column("id"));
            assertEquals(List.of("1", "2"), early.column("id"));
            assertEquals(List.of("2"), late.column("id"));
        }
    }

    private static TestSource startingAt(TestSource source, String name, Position position) {
        StartFrom start = new StartFrom(StartFrom.Kind.POSITION, position.toString());
        return source.sink(name, with(SinkSettings.START, start));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20_000})
    void aNewSinkBeginsAfterAPosition(int segmentChanges) throws Exception {
        try (TestSource source = source(18).segmentChanges(segmentChanges)) {
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("first", first))) {
                source.sql(
                        "INSERT INTO t VALUES (0)",
                        "INSERT INTO t SELECT generate_series(1, 5)",
                        "SELECT pg_logical_emit_message(false, 'note', 'x')",
                        "INSERT INTO t VALUES (6)");
                run.finish();
            }
            List<Position> all = first.positions();
            assertEquals(8, all.size());
            for (int i = 0; i < all.size(); i++) {
                CollectingSink sink = new CollectingSink();
                String name = "behind-" + i;
                startingAt(source, name, all.get(i));
                try (RunningPipeline run = new RunningPipeline(source, Map.of("first", first, name, sink))) {
                    run.finish();
                }
                assertEquals(all.subList(i + 1, all.size()), sink.positions());
            }
        }
    }

    /** Holds if the sink is stopped before its first batch, and if the queue reaches the position later. */
    @Test
    void aNewSinkMayBeginAfterAFuturePosition() throws Exception {
        try (TestSource source = source(18)) {
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("first", first))) {
                source.sql("INSERT INTO t VALUES (1)");
                run.finish();
            }
            Position seen = first.positions().get(0);
            Position ahead = new Position(0, seen.commitLsn() + 1, 0);
            startingAt(source, "late", ahead);
            for (int start = 0; start < 2; start++) {
                CollectingSink late = new CollectingSink();
                try (RunningPipeline run = new RunningPipeline(source, Map.of("first", first, "late", late))) {
                    run.finish();
                }
                assertEquals(List.of(), late.seen());
            }
            source.sql("INSERT INTO t VALUES (2)");
            CollectingSink late = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("first", first, "late", late))) {
                run.finish();
            }
            assertEquals(List.of("2"), late.column("id"));
        }
    }

    @Test
    void aPositionBeyondTheServersWalIsRefused() throws Exception {
        try (TestSource source = source(18)) {
            startingAt(source, "late", new Position(0, 0x2_4F84_9280L, 0));
            AssertionError error = assertThrows(
                    AssertionError.class, () -> new RunningPipeline(source, Map.of("late", new CollectingSink())));
            SourceException refused = assertInstanceOf(SourceException.class, error.getCause());
            assertEquals(ErrorCode.START_BEYOND_WAL, refused.code());
            assertTrue(refused.getMessage().contains("2/4F849280:0"), refused.getMessage());
        }
    }

    /** The queue is empty, and begins where the slot was created. */
    @Test
    void aPositionBeforeTheSlotIsRefused() throws Exception {
        try (TestSource source = source(18)) {
            startingAt(source, "late", new Position(0, 1, 0));
            AssertionError error = assertThrows(
                    AssertionError.class, () -> new RunningPipeline(source, Map.of("late", new CollectingSink())));
            QueueException refused = assertInstanceOf(QueueException.class, error.getCause());
            assertEquals(ErrorCode.QUEUE_SEGMENT_RELEASED, refused.code());
        }
    }

    @Test
    void aPositionBeforeTheQueuesBeginningIsRefused() throws Exception {
        try (TestSource source = source(18)) {
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("first", first))) {
                source.sql("INSERT INTO t VALUES (1)");
                run.finish();
            }
            startingAt(source, "late", new Position(0, 1, 0));
            AssertionError error = assertThrows(
                    AssertionError.class, () -> new RunningPipeline(source, Map.of("late", new CollectingSink())));
            QueueException refused = assertInstanceOf(QueueException.class, error.getCause());
            assertEquals(ErrorCode.QUEUE_SEGMENT_RELEASED, refused.code());
            assertTrue(
                    refused.getMessage()
                            .contains("the queue holds only changes from "
                                    + first.positions().get(0)),
                    refused.getMessage());
        }
    }

    /** The queue keeps as many delivered changes as configured, for a sink that is added later. */
    @Test
    void retainedChangesReachALaterSink() throws Exception {
        try (TestSource source = source(18).segmentBytes(65_536).retain(1 << 20, 3 << 20)) {
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("first", first))) {
                for (int part = 0; part < 60; part++) {
                    source.sql("INSERT INTO t SELECT n, repeat('x', 1000) FROM generate_series(" + (part * 100 + 1)
                            + ", " + (part * 100 + 100) + ") n");
                }
                run.finish();
            }
            CollectingSink late = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("first", first, "late", late))) {
                run.finish();
            }
            int got = late.seen().size();
            assertEquals(first.positions().subList(6_000 - got, 6_000), late.positions());
            // of some 6.3 MB: at least three, and no file of one more than that
            assertTrue(got >= 2_800 && got <= 4_300, got + " rows");
        }
    }

    /** "now" is decided once: a sink that failed before its first batch lacks nothing later. */
    @Test
    void aNewSinkThatFailsAtOnceLacksNothingLater() throws Exception {
        try (TestSource source = source(18).sink("late", with(SinkSettings.START, StartFrom.NOW))) {
            try (RunningPipeline run = new RunningPipeline(source, Map.of("late", failing(gone)))) {
                source.sql("INSERT INTO t VALUES (1)");
                assertSame(gone, run.awaitEnd());
            }
            CollectingSink late = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("late", late))) {
                run.finish();
            }
            assertEquals(List.of("1"), late.column("id"));
        }
    }

    /** Refuses the rows with these ids, in every batch. */
    private static CollectingSink refusing(String... ids) {
        return new CollectingSink().answering(batch -> {
            for (CollectingSink.Seen seen : batch) {
                if (List.of(ids).contains(String.valueOf(seen.row().get("id")))) {
                    throw new RefusedChangeException(seen.position(), "it does not fit; test; mend it.", null);
                }
            }
            return Durability.DURABLE;
        });
    }

    @Test
    void aRefusedChangeGoesToTheDeadLettersAsRouted() throws Exception {
        SettingValues settings = with(SinkSettings.DEAD_LETTER, true)
                .with(RouteSettings.MASK, List.of(MaskedColumn.parse("public.t.v=fixed:***")));
        try (TestSource source = source(18).sink("out", settings)) {
            CollectingSink sink = refusing("2", "4");
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql(
                        "INSERT INTO t SELECT i, 'hidden' FROM generate_series(1, 3) i",
                        "INSERT INTO t VALUES (4), (5)");
                run.finish();
            }
            assertEquals(List.of("1", "3", "5"), sink.column("id"));
            Lines.of(Files.readAllLines(source.queue().resolve("dead-letters/out.jsonl")))
                    .nextMatches("\\{\"refused_at\":\"[^\"]+\",\"error\":\"CDC-507 it does not fit; test; mend it.\","
                            + "\"record\":\\{\"position\":.*\"new_data\":\\{\"id\":2,\"v\":\"\\*{3}\"}.*}}")
                    .next("\"new_data\":{\"id\":4,\"v\":null}")
                    .end();
        }
    }

    @Test
    void withoutDeadLettersARefusedChangeStopsTheSink() throws Exception {
        try (TestSource source = source(18)) {
            CollectingSink sink = refusing("1");
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t VALUES (1)");
                assertInstanceOf(RefusedChangeException.class, run.awaitEnd());
            }
            assertEquals(List.of(), sink.seen());
            assertFalse(Files.exists(source.queue().resolve("dead-letters")));
        }
    }

    /** A sink that refuses a change outside its batch has a defect, so it fails. */
    @Test
    void refusingAChangeOutsideTheBatchFailsTheSink() throws Exception {
        try (TestSource source = source(18).sink("out", with(SinkSettings.DEAD_LETTER, true))) {
            RefusedChangeException wrong =
                    new RefusedChangeException(new Position(0, 1, 0), "it does not fit; test; mend it.", null);
            CollectingSink sink = failing(wrong);
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t VALUES (1)");
                assertSame(wrong, run.awaitEnd());
            }
            assertEquals(1, sink.offered().size());
            assertFalse(Files.exists(source.queue().resolve("dead-letters")));
        }
    }
}
