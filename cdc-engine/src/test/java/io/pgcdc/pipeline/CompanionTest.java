package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.pipeline.PipelineStatus.State;
import io.pgcdc.queue.disk.QueueDirectory;
import io.pgcdc.servers.PgServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program has open beside the stream, such as a socket in the queue's directory. */
class CompanionTest {

    @TempDir
    Path directory;

    /** Another process cannot have the queue yet, so it cannot have put its own files there. */
    private static void requireLocked(Path queue, List<ErrorCode> refusals) {
        refusals.add(assertThrows(QueueException.class, () -> QueueDirectory.open(queue))
                .code());
    }

    @Test
    void isClosedBeforeTheQueueIsFree() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)) {
            PipelineConfig config = source.config();
            Pipeline pipeline = new Pipeline(config, Map.of("out", new CollectingSink()));
            List<ErrorCode> atEnd = new ArrayList<>();
            pipeline.whileRunning(() -> () -> requireLocked(config.queue().dir(), atEnd));
            pipeline.control().stopWhenCaughtUp();
            pipeline.run();
            assertEquals(List.of(ErrorCode.QUEUE_LOCKED), atEnd);
            QueueDirectory.open(config.queue().dir()).close();
        }
    }

    @Test
    void isOpenBeforeTheServerIsAskedAndClosedWithoutATrace() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory).publications("absent")) {
            PipelineConfig config = source.config();
            Pipeline pipeline = new Pipeline(config, Map.of("out", new CollectingSink()));
            List<ErrorCode> atEnd = new ArrayList<>();
            pipeline.whileRunning(() -> {
                assertEquals(State.STARTING, pipeline.status().state());
                return () -> requireLocked(config.queue().dir(), atEnd);
            });
            assertEquals(
                    ErrorCode.PUBLICATION_MISSING,
                    assertThrows(CdcException.class, pipeline::run).code());
            assertEquals(List.of(ErrorCode.QUEUE_LOCKED), atEnd);
            assertFalse(Files.exists(config.queue().dir()));
        }
    }

    @Test
    void isClosedAfterAFailure() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)) {
            PipelineConfig config = source.config();
            Pipeline pipeline = new Pipeline(config, Map.of("out", new CollectingSink()));
            List<ErrorCode> atEnd = new ArrayList<>();
            pipeline.whileRunning(() -> () -> requireLocked(config.queue().dir(), atEnd));
            IllegalStateException failure = new IllegalStateException("of the program");
            pipeline.whenStarted(() -> {
                throw failure;
            });
            assertSame(failure, assertThrows(IllegalStateException.class, pipeline::run));
            assertEquals(State.FAILED, pipeline.status().state());
            assertEquals(List.of(ErrorCode.QUEUE_LOCKED), atEnd);
        }
    }
}
