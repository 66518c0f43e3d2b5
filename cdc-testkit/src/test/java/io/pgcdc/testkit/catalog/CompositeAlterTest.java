package io.pgcdc.testkit.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.pgcdc.embedded.PgServer;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.testkit.pipeline.Await;
import io.pgcdc.testkit.pipeline.CollectingSink;
import io.pgcdc.testkit.pipeline.RunningPipeline;
import io.pgcdc.testkit.pipeline.TestSource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ALTER TYPE of a composite that a column has: the stream is silent about it. */
class CompositeAlterTest {

    @TempDir
    Path directory;

    /** When a server begins to send Relation or Type again here, the facts can be kept fresh. */
    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void theServerDoesNotDescribeTheTableAgain(int version) throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(version), directory)) {
            source.sql(
                    "CREATE TYPE pair AS (a int, b text)",
                    "CREATE TABLE c (id int PRIMARY KEY, p pair)",
                    "CREATE PUBLICATION everything FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + source.slot() + "', 'pgoutput')",
                    "INSERT INTO c VALUES (1, (1, 'x'))",
                    "ALTER TYPE pair ADD ATTRIBUTE z int",
                    "INSERT INTO c VALUES (2, (1, 'x', 3))",
                    "ALTER TYPE pair RENAME ATTRIBUTE b TO bb",
                    "INSERT INTO c VALUES (3, (1, 'x', 3))",
                    "ALTER TYPE pair DROP ATTRIBUTE a",
                    "INSERT INTO c VALUES (4, ('x', 3))");
            String messages = source.ask("SELECT string_agg(chr(get_byte(data, 0)), '') FROM"
                    + " pg_logical_slot_get_binary_changes('" + source.slot() + "', NULL, NULL,"
                    + " 'proto_version', '1', 'publication_names', 'everything')");
            // 14 sends transactions without changes too
            assertEquals("BYRICBICBICBIC", messages.replace("BC", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aRowThatDoesNotFitTheKnownTypeIsAnErrorAndNotAWrongValue(int version) throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(version), directory)) {
            source.sql("CREATE TYPE pair AS (a int, b text)", "CREATE TABLE c (id int PRIMARY KEY, p pair)");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO c VALUES (1, (1, 'x'))");
                Await.until("the first row", () -> sink.seen().size() == 1);
                source.sql("ALTER TYPE pair ADD ATTRIBUTE z int", "INSERT INTO c VALUES (2, (1, 'x', 3))");
                DecodeException e = assertInstanceOf(DecodeException.class, run.awaitEnd());
                assertEquals(ErrorCode.TYPE_UNREADABLE, e.code());
            }
            assertEquals(List.of("1"), sink.column("id"));
        }
    }
}
