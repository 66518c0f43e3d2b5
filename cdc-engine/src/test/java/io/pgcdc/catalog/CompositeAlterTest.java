package io.pgcdc.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.pipeline.Lines;
import io.pgcdc.pipeline.RunningPipeline;
import io.pgcdc.pipeline.TestSource;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;

/** ALTER TYPE of a composite that a column has: the stream is silent about it. */
class CompositeAlterTest {

    @TempDir
    Path directory;

    /** When a server begins to send Relation or Type again here, the facts can be kept fresh. */
    @EachPostgres
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

    @EachPostgres
    void aValueThatDoesNotFitTheKnownTypeIsPassedOnAsText(int version) throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(version), directory)) {
            source.sql("CREATE TYPE pair AS (a int, b text)", "CREATE TABLE c (id int PRIMARY KEY, p pair)");
            RecordingSink sink = new RecordingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO c VALUES (1, (1, 'x'))");
                Await.until("the first row", () -> sink.records().size() == 1);
                source.sql("ALTER TYPE pair ADD ATTRIBUTE z int", "INSERT INTO c VALUES (2, (1, 'x', 3))");
                Await.until("the second row", () -> sink.records().size() == 2);
                run.stop();
            }
            Lines.of(sink.records())
                    .next("\"p\":{\"a\":1,\"b\":\"x\"}")
                    .next("\"p\":\"(1,x,3)\"")
                    .end();
        }
    }

    /** Keeps native records. */
    private static final class RecordingSink implements Sink {

        private final NativeFormat format = new NativeFormat();
        private final List<String> records = new CopyOnWriteArrayList<>();

        List<String> records() {
            return records;
        }

        @Override
        public Durability write(Batch batch) {
            batch.forEach(change -> {
                JsonBuffer out = new JsonBuffer();
                format.append(change, out);
                records.add(out.toString());
            });
            return Durability.DURABLE;
        }

        @Override
        public Durability flush() {
            return Durability.DURABLE;
        }

        @Override
        public void close() {}
    }
}
