package io.pgcdc.sinks.kafka.readers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.sinks.kafka.KafkaTarget;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flink's format {@code debezium-json} reads the topics, and the changelog that it makes of them ends in the source's rows. Each row that it
 * takes back is the one that it gave before.
 */
class FlinkReaderTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final int CHANGES = Integer.getInteger("pgcdc.reader.changes", 600);

    @TempDir
    Path directory;

    @Test
    void rowsAreTheSources() {
        assertRows(
                FlinkTable.EXACT,
                false,
                "decimal_handling_mode=string",
                "hstore_handling_mode=map",
                "interval_handling_mode=string");
    }

    @Test
    void rowsAreTheSourcesWithSchemas() {
        assertRows(
                FlinkTable.HANDY,
                true,
                "decimal_handling_mode=double",
                "time_precision_mode=isostring",
                "hstore_handling_mode=map",
                "interval_handling_mode=string",
                "schemas_enable=true");
    }

    private void assertRows(List<FlinkColumn> columns, boolean schemas, String... settings) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomTable table = new RandomTable(
                "items",
                List.of("id"),
                columns.stream().map(FlinkColumn::column).toList(),
                random);
        try (TargetDatabase source = new TargetDatabase(18)) {
            prepare(
                    source,
                    table.create(),
                    "ALTER TABLE items REPLICA IDENTITY FULL",
                    "ALTER TABLE items ALTER t SET STORAGE EXTERNAL");
            source.sql(RandomTable.transactions(List.of(table), CHANGES, random).toArray(String[]::new));
            List<ConsumerRecord<byte[], byte[]>> records = capture(source, settings);
            assertTrue(records.stream().anyMatch(r -> r.value() == null), "tombstones");

            FlinkTable flink = new FlinkTable(columns, schemas);
            Changelog changelog = new Changelog();
            for (ConsumerRecord<byte[], byte[]> r : records) {
                for (Row row : flink.read(r.value())) {
                    assertEquals("items", row.getField(FlinkTable.SOURCE_TABLE));
                    changelog.apply(row.getKind(), flink.plain(row));
                }
            }
            assertEquals(EnumSet.allOf(RowKind.class), changelog.kinds());
            assertEquals(flink.rowsOf(source, "items"), changelog.rows(), "seed " + seed);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("seed " + seed, e);
        }
    }

    /** Rows come, move and go; of an update it must know the row before, and says so. */
    @Test
    void withoutTheWholeOldRowItTakesAllButUpdates() throws IOException {
        try (TargetDatabase source = new TargetDatabase(18)) {
            prepare(source, "CREATE TABLE items (id int PRIMARY KEY, t text)");
            source.sql(
                    "INSERT INTO items VALUES (1, 'a'), (2, 'b'), (3, 'c')",
                    "UPDATE items SET id = 4 WHERE id = 1",
                    "DELETE FROM items WHERE id = 2",
                    "UPDATE items SET t = 'd' WHERE id = 3");
            List<ConsumerRecord<byte[], byte[]>> records = capture(source);
            FlinkTable flink = new FlinkTable(
                    List.of(new FlinkColumn(new Column("t", "text", Literals::text), DataTypes.STRING(), "t")), false);

            Map<Object, Object> rows = new LinkedHashMap<>();
            ConsumerRecord<byte[], byte[]> update = records.remove(records.size() - 1);
            for (ConsumerRecord<byte[], byte[]> r : records) {
                for (Row row : flink.read(r.value())) {
                    if (row.getKind() == RowKind.INSERT) {
                        rows.put(row.getField("id"), row.getField("t"));
                    } else {
                        assertEquals(RowKind.DELETE, row.getKind());
                        rows.remove(row.getField("id"));
                    }
                }
            }
            assertEquals(Map.of(3, "c", 4, "a"), rows);
            IOException refused = assertThrows(IOException.class, () -> flink.read(update.value()));
            assertTrue(refused.getCause().getMessage().contains("REPLICA IDENTITY"), refused.toString());
        }
    }

    private static void prepare(TargetDatabase source, String... tables) {
        source.sql("CREATE EXTENSION hstore", "CREATE TYPE mood AS ENUM ('sad', 'very happy')");
        source.sql(tables);
        source.sql(
                "CREATE PUBLICATION captured FOR ALL TABLES",
                "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')");
    }

    /** The records of table {@code items}, in order. */
    private List<ConsumerRecord<byte[], byte[]>> capture(TargetDatabase source, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of(
                "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                "format=debezium",
                "partitions=1",
                "prefix=" + source.name()));
        new Captured(source, directory.resolve("queue"))
                .bringTo(new LinkedHashMap<>(
                        Map.of("bus", KafkaTarget.sink(source.name(), all.toArray(String[]::new)))));
        return TopicReader.read(BROKER.bootstrapServers(), source.name() + ".public.items");
    }

    /** Rows by key, changed as a changelog says, which must fit. */
    private static final class Changelog {

        private final Map<Object, List<Object>> rows = new LinkedHashMap<>();
        private final Set<RowKind> kinds = EnumSet.noneOf(RowKind.class);

        void apply(RowKind kind, List<Object> row) {
            kinds.add(kind);
            Object key = row.get(0);
            switch (kind) {
                case INSERT, UPDATE_AFTER -> assertEquals(null, rows.put(key, row), "a second row of " + key);
                case UPDATE_BEFORE, DELETE -> assertEquals(rows.remove(key), row);
            }
        }

        Map<Object, List<Object>> rows() {
            return rows;
        }

        Set<RowKind> kinds() {
            return kinds;
        }
    }
}
