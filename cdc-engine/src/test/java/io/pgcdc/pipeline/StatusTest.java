package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Lsn;
import io.pgcdc.pipeline.PipelineStatus.SinkState;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.pipeline.PipelineStatus.State;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status that a program reads of its pipeline. */
class StatusTest {

    @TempDir
    Path directory;

    private static SinkStatus sink(Pipeline pipeline, String name) {
        return pipeline.status().sinks().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static PipelineStatus.Source source(Pipeline pipeline) {
        PipelineStatus.Source source = pipeline.status().source();
        assertNotNull(source);
        return source;
    }

    @Test
    void statusBeforeTheRunHasNoSource() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)) {
            Pipeline pipeline = new Pipeline(source.config(), Map.of("out", new CollectingSink()));
            PipelineStatus status = pipeline.status();
            assertEquals(source.slot(), status.name(), "without a name of its own, the slot's");
            assertEquals(State.NEW, status.state());
            assertNull(status.source());
            assertEquals(List.of(SinkStatus.notStarted("out", SinkState.NEW)), status.sinks());
        }
    }

    @Test
    void statusIsReadableDuringAndAfterTheRun() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)) {
            SinkException busy = new SinkException(ErrorCode.SINK_WRITE_FAILED, "busy; test; wait.");
            SinkException gone = new SinkException(ErrorCode.SINK_CLOSED, "gone; test; start again.");
            AtomicBoolean free = new AtomicBoolean();
            CollectingSink working = new CollectingSink();
            CollectingSink waiting = new CollectingSink().answering(batch -> {
                if (!free.get()) {
                    throw busy;
                }
                return Durability.DURABLE;
            });
            CollectingSink broken = new CollectingSink().answering(batch -> {
                throw gone;
            });
            Map<String, Sink> sinks = new LinkedHashMap<>();
            sinks.put("working", working);
            sinks.put("waiting", waiting);
            sinks.put("broken", broken);
            try (RunningPipeline run = new RunningPipeline(source, sinks)) {
                Pipeline pipeline = run.pipeline();
                assertEquals(State.RUNNING, pipeline.status().state());
                assertTrue(source(pipeline).connected());
                assertEquals(source.slot(), source(pipeline).slot());
                source.sql("INSERT INTO t VALUES (1)");
                long commit = source.walLsn();

                Await.until("the working sink", () -> sink(pipeline, "working").position() != null);
                assertEquals(
                        working.positions().get(0), sink(pipeline, "working").position());
                assertEquals(SinkState.RUNNING, sink(pipeline, "working").state());
                assertTrue(Lsn.compare(source(pipeline).durableLsn(), commit) <= 0);
                assertEquals(
                        source(pipeline).durableLsn(), sink(pipeline, "working").durableLsn());
                Await.until(
                        "the waiting sink's trouble",
                        () -> sink(pipeline, "waiting").state() == SinkState.RETRYING);
                assertSame(busy, sink(pipeline, "waiting").trouble());
                assertTrue(sink(pipeline, "waiting").retries() > 0);
                assertEquals(1, source(pipeline).captured().changes());
                assertEquals(1, sink(pipeline, "working").taken().changes());
                assertEquals(0, sink(pipeline, "waiting").taken().changes());
                backlogIsTheWaitingSinks(pipeline);
                Await.until(
                        "the broken sink's end", () -> sink(pipeline, "broken").state() == SinkState.FAILED);
                assertSame(gone, sink(pipeline, "broken").trouble());
                assertNull(sink(pipeline, "broken").position());
                assertTrue(
                        Lsn.compare(
                                        source(pipeline).flushLsn(),
                                        source(pipeline).durableLsn())
                                < 0,
                        "the broken sink holds it");
                Await.until(
                        "the server's word", () -> Lsn.compare(source(pipeline).walEndLsn(), commit) >= 0);

                free.set(true);
                Await.until("the waiting sink", () -> sink(pipeline, "waiting").state() == SinkState.RUNNING);
                assertNull(sink(pipeline, "waiting").trouble());

                pipeline.control().stop();
                assertSame(gone, run.awaitEnd());
                assertEquals(State.FAILED, pipeline.status().state());
                assertNull(pipeline.backlog(), "the queue is closed");
                assertEquals(SinkState.STOPPED, sink(pipeline, "working").state());
                assertEquals(
                        working.positions().get(0), sink(pipeline, "working").position());
                assertEquals(SinkState.FAILED, sink(pipeline, "broken").state());
                pipeline.control().stopWhenCaughtUp();
                assertThrows(IllegalStateException.class, pipeline::run, "it runs once");
            }
        }
    }

    private static void backlogIsTheWaitingSinks(Pipeline pipeline) {
        PipelineBacklog backlog = pipeline.backlog();
        assertNotNull(backlog);
        assertEquals(
                new PipelineBacklog.SinkBacklog(0, 0L, null), backlog.sinks().get("working"));
        PipelineBacklog.SinkBacklog waiting = backlog.sinks().get("waiting");
        assertNotNull(waiting);
        assertEquals(1, waiting.changes());
        assertNotNull(waiting.oldest());
        assertTrue(List.of("waiting", "broken").contains(backlog.queue().slowest()));
        assertTrue(backlog.queue().bytes() > 0);
        assertTrue(backlog.queue().freeBytes() > 0);
    }

    @Test
    void threadsCarryThePipelinesName() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)) {
            CollectingSink sink = new CollectingSink();
            Pipeline pipeline = new Pipeline(source.config(), Map.of("out", sink));
            CountDownLatch started = new CountDownLatch(1);
            pipeline.whenStarted(started::countDown);
            Thread caller = new Thread(pipeline::run, "the caller");
            caller.start();
            started.await();
            String prefix = "cdc/" + source.slot() + "/";
            assertEquals(
                    Set.of(prefix + "capture", prefix + "queue-sync", prefix + "sink-out"),
                    Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .filter(name -> name.startsWith(prefix))
                            .collect(Collectors.toSet()));
            pipeline.control().stopWhenCaughtUp();
            caller.join();
            assertEquals(State.STOPPED, pipeline.status().state());
            assertEquals(SinkState.STOPPED, sink(pipeline, "out").state());
        }
    }

    @Test
    void aRefusalRestoresTheCallersThreadName() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory).publications("absent")) {
            Pipeline pipeline = new Pipeline(source.config(), Map.of("out", new CollectingSink()));
            String name = Thread.currentThread().getName();
            assertThrows(RuntimeException.class, pipeline::run);
            assertEquals(name, Thread.currentThread().getName());
            assertEquals(State.FAILED, pipeline.status().state());
            assertEquals(SinkState.STOPPED, sink(pipeline, "out").state());
        }
    }
}
