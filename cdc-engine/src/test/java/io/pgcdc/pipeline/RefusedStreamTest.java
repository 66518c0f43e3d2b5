package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.PgServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run does not ask without end for changes that the server cannot send. */
class RefusedStreamTest {

    private static final Pattern ADVANCE = Pattern.compile("SELECT pg_replication_slot_advance\\(.+?\\);");

    @TempDir
    Path directory;

    private static CollectingSink accepted(TestSource source) {
        CollectingSink sink = new CollectingSink();
        Pipeline pipeline = new Pipeline(source.config(), Map.of("out", sink));
        pipeline.acceptGap();
        pipeline.control().stopWhenCaughtUp();
        pipeline.run();
        return sink;
    }

    /** The test runs the command from the message. It skips only that transaction. */
    @Test
    void aFailingRowFilterStopsTheRunAndTheCommandSkipsIt() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory).reconnecting()) {
            source.sql(
                    "CREATE TABLE f (id int PRIMARY KEY, a int)",
                    "CREATE PUBLICATION filtered FOR TABLE f WHERE (100 / id > 5)");
            source.publications("filtered");
            CollectingSink sink = new CollectingSink();
            String message;
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql(
                        "INSERT INTO f VALUES (1)", "INSERT INTO f VALUES (2), (0), (3)", "INSERT INTO f VALUES (4)");
                SourceException e = assertInstanceOf(SourceException.class, run.awaitEnd());
                assertEquals(ErrorCode.STREAM_STANDSTILL, e.code());
                message = String.valueOf(e.getMessage());
            }
            assertTrue(message.contains("division by zero (SQLSTATE 22012)"), message);
            assertEquals(List.of("1"), sink.column("id"));
            Matcher command = ADVANCE.matcher(message);
            assertTrue(command.find(), message);
            source.sql(command.group());
            assertEquals(List.of("4"), accepted(source).column("id"));
        }
    }

    @Test
    void publicationsWithDifferentColumnsOfATableAreRefusedAtTheStart() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)) {
            source.sql(
                    "CREATE TABLE c (id int PRIMARY KEY, a int, b int)",
                    "CREATE PUBLICATION one FOR TABLE c (id, a), t",
                    "CREATE PUBLICATION two FOR TABLE c (id, b), t (id, v)");
            source.publications("one", "two");
            Pipeline refused = new Pipeline(source.config(), Map.of("out", new CollectingSink()));
            SourceException e = assertThrows(SourceException.class, refused::run);
            assertEquals(ErrorCode.COLUMN_LISTS_DIFFER, e.code());
            assertTrue(e.getMessage().contains("publish different columns of public.c, and"), e.getMessage());

            source.sql("ALTER PUBLICATION two SET TABLE c (id, a)");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO c VALUES (1, 2, 3)", "INSERT INTO t VALUES (1)");
                run.finish();
            }
            assertEquals(2, sink.seen().size());
        }
    }
}
