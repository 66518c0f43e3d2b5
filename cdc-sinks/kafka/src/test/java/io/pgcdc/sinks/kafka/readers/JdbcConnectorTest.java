package io.pgcdc.sinks.kafka.readers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.sinks.kafka.KafkaTarget;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debezium's own JDBC sink, in a worker of Kafka Connect, makes of our topics tables that hold what the source's do. */
@Tag("soak")
class JdbcConnectorTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final int CHANGES = Integer.getInteger("pgcdc.reader.changes", 600);
    private static final Duration DEADLINE = Duration.ofSeconds(60 + CHANGES / 100);

    @TempDir
    Path directory;

    @Test
    void tablesAreTheSources() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<RandomTable> tables = JdbcTables.tables(random);
        PgServer server = PgServer.shared(18);
        String copy = server.createDatabase("copy");
        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql("CREATE EXTENSION hstore", "CREATE TYPE mood AS ENUM ('sad', 'very happy')");
            tables.forEach(t -> source.sql(t.create()));
            source.sql(
                    // or the connector takes what stands for an unchanged TOAST value for one
                    "ALTER TABLE texts REPLICA IDENTITY FULL",
                    "ALTER TABLE texts ALTER t SET STORAGE EXTERNAL",
                    "CREATE PUBLICATION captured FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')");
            source.sql(RandomTable.transactions(tables, CHANGES, random).toArray(String[]::new));
            tables.forEach(t -> source.sql(t.insert()));

            try (ConnectWorker worker = new ConnectWorker(
                            directory,
                            BROKER.bootstrapServers(),
                            worker(),
                            connector(source.name(), tables, server.jdbcUrl(copy)));
                    Connection here = server.connect(source.name());
                    Connection there = server.connect(copy)) {
                capture(source);
                for (RandomTable table : tables) {
                    await(worker, there, table);
                    String all = JdbcTables.asked(table);
                    assertEquals(text(rows(here, all)), text(rows(there, all)), table.name() + ", seed " + seed);
                }
            }
        } finally {
            server.dropDatabase(copy);
        }
    }

    private static Map<String, String> worker() {
        return Map.of(
                "key.converter", "org.apache.kafka.connect.json.JsonConverter",
                "value.converter", "org.apache.kafka.connect.json.JsonConverter",
                "consumer.isolation.level", "read_committed",
                "consumer.auto.offset.reset", "earliest");
    }

    private static Map<String, String> connector(String prefix, List<RandomTable> tables, String url) {
        return Map.of(
                "connector.class",
                "io.debezium.connector.jdbc.JdbcSinkConnector",
                "topics",
                tables.stream().map(t -> prefix + ".public." + t.name()).collect(Collectors.joining(",")),
                "connection.url",
                url,
                "connection.username",
                PgServer.SUPERUSER,
                "connection.password",
                PgServer.password(),
                "insert.mode",
                "upsert",
                "delete.enabled",
                "true",
                "primary.key.mode",
                "record_key",
                "schema.evolution",
                "basic",
                "collection.name.format",
                "${source.table}");
    }

    private void capture(TargetDatabase source) {
        new Captured(source, directory.resolve("queue"))
                .bringTo(new LinkedHashMap<>(Map.of(
                        "bus",
                        KafkaTarget.sink(
                                source.name(),
                                "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                                "format=debezium",
                                "schemas_enable=true",
                                "interval_handling_mode=string",
                                // the connector stops at headers with columns of different types
                                "key_change_headers=false",
                                "partitions=1",
                                "prefix=" + source.name()))));
    }

    /** The row that was inserted last is there; those of its table before it came before. */
    private static void await(ConnectWorker worker, Connection there, RandomTable table) throws Exception {
        String last = "SELECT 1 FROM pg_class WHERE relname = '" + table.name() + "'";
        String row = "SELECT 1 FROM " + table.name() + " WHERE " + table.key().get(0) + " = " + table.lastId();
        try {
            Await.<Exception>until("the last row of " + table.name(), DEADLINE, () -> {
                worker.check();
                return !rows(there, last).isEmpty() && !rows(there, row).isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the worker: " + worker.log(), e);
        }
    }

    private static List<List<String>> rows(Connection database, String sql) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<List<String>> rows = new ArrayList<>();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(found.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private static String text(List<List<String>> rows) {
        return rows.stream().map(Object::toString).collect(Collectors.joining("\n"));
    }
}
