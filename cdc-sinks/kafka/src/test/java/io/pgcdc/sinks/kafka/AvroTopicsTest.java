package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SinkException;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.net.FaultProxy;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of {@code format: avro} and their schemas, with a real registry, and what comes of one that does not want them. */
class AvroTopicsTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final ApicurioRegistry REGISTRY = ApicurioRegistry.shared();
    private static final AtomicInteger COUNT = new AtomicInteger();

    @TempDir
    Path directory;

    private final String prefix = "avro" + COUNT.incrementAndGet();

    private Sink sink(String registryUrl, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                "format=avro",
                "schema_registry=url=" + registryUrl,
                "partitions=1",
                "prefix=" + prefix));
        settings.addAll(List.of(more));
        return KafkaTarget.sink(prefix, settings.toArray(String[]::new));
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String table) {
        return TopicReader.read(BROKER.bootstrapServers(), prefix + "." + table);
    }

    private static TargetDatabase source(String... more) {
        TargetDatabase source = new TargetDatabase(18);
        source.sql(
                "CREATE PUBLICATION captured FOR ALL TABLES",
                "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')");
        source.sql(more);
        return source;
    }

    private void capture(TargetDatabase source, Sink sink) {
        new Captured(source, directory.resolve("queue")).bringTo(Map.of("bus", sink));
    }

    private static GenericRecord row(GenericRecord change, String field) {
        return (GenericRecord) change.get(field);
    }

    @Test
    void changesHaveTypedKeysAndTheNativeRecordsNames() {
        try (TargetDatabase source = source(
                "CREATE TABLE items (id bigint PRIMARY KEY, v text, n int)",
                "INSERT INTO items VALUES (1, 'a', 7)",
                "ALTER TABLE items REPLICA IDENTITY FULL",
                "UPDATE items SET v = 'b' WHERE id = 1",
                "UPDATE items SET id = 2 WHERE id = 1",
                "ALTER TABLE items REPLICA IDENTITY DEFAULT",
                "DELETE FROM items WHERE id = 2",
                "TRUNCATE items RESTART IDENTITY",
                "SELECT pg_logical_emit_message(true, 'p', 'content')")) {
            capture(
                    source,
                    sink(
                            REGISTRY.url(),
                            "message_topic=" + prefix + ".messages",
                            "transaction_topic=" + prefix + ".transactions"));
            List<ConsumerRecord<byte[], byte[]>> records = records("public.items");
            AvroReader reader = new AvroReader(REGISTRY);
            List<GenericRecord> values = reader.values(records);
            // insert, update, key change (gone, tombstone, there), delete, tombstone, truncate
            assertEquals(8, values.size());
            List<Long> keys = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                keys.add(
                        record.key() == null
                                ? null
                                : (Long) reader.read(record.key()).get("id"));
            }
            assertEquals(Arrays.asList(1L, 1L, 1L, 1L, 2L, 2L, 2L, null), keys);
            assertInsert(values.get(0), records.get(0));
            GenericRecord update = values.get(1);
            assertEquals("[v]", update.get("changed_fields").toString());
            assertEquals("a", row(update, "old_data").get("v").toString());
            assertEquals("b", row(update, "new_data").get("v").toString());
            assertEquals(false, update.get("old_data_is_key"));
            assertKeyChange(values, records);
            GenericRecord delete = values.get(5);
            assertEquals("DELETE", delete.get("change_type").toString());
            assertEquals(2L, row(delete, "old_data").get("id"));
            assertNull(row(delete, "old_data").get("v"));
            assertEquals(true, delete.get("old_data_is_key"));
            assertNull(values.get(6));
            assertEquals("TRUNCATE", values.get(7).get("change_type").toString());
            assertEquals(true, values.get(7).get("restart_identity"));
            assertEquals(List.of("1"), REGISTRY.versions(prefix + ".public.items-value"));
            assertMessage(reader);
            assertTransactions(reader);
        }
    }

    private void assertInsert(GenericRecord insert, ConsumerRecord<byte[], byte[]> record) {
        assertEquals(prefix + ".public.items.Change", insert.getSchema().getFullName());
        assertEquals(
                TopicReader.header(record, "position"), insert.get("position").toString());
        assertEquals(TopicReader.header(record, "lsn"), insert.get("lsn").toString());
        assertEquals(TopicReader.header(record, "xid"), insert.get("xid").toString());
        assertEquals(record.timestamp(), (Long) insert.get("changed_at") / 1000);
        assertEquals("INSERT", insert.get("change_type").toString());
        assertEquals("public", insert.get("schema_name").toString());
        assertEquals("items", insert.get("table_name").toString());
        assertEquals("1", insert.get("record_id").toString());
        assertEquals(
                "{\"id\": 1, \"v\": \"a\", \"n\": 7}", insert.get("new_data").toString());
        for (String absent :
                List.of("old_data", "changed_fields", "unchanged_toast", "cascade", "restart_identity", "origin")) {
            assertNull(insert.get(absent), absent);
        }
    }

    private static void assertKeyChange(List<GenericRecord> values, List<ConsumerRecord<byte[], byte[]>> records) {
        assertEquals("DELETE", values.get(2).get("change_type").toString());
        assertNull(values.get(2).get("new_data"));
        assertNull(values.get(3));
        assertEquals("INSERT", values.get(4).get("change_type").toString());
        assertNull(values.get(4).get("old_data"));
        assertArrayEquals(
                records.get(4).key(),
                records.get(2).headers().lastHeader("__debezium.newkey").value());
        assertArrayEquals(
                records.get(2).key(),
                records.get(4).headers().lastHeader("__debezium.oldkey").value());
    }

    private void assertMessage(AvroReader reader) {
        ConsumerRecord<byte[], byte[]> record = records("messages").get(0);
        assertEquals("p", reader.read(record.key()).get("prefix").toString());
        GenericRecord message = reader.read(record.value());
        assertEquals(ByteBuffer.wrap("content".getBytes(StandardCharsets.UTF_8)), message.get("content"));
        assertEquals(true, message.get("transactional"));
    }

    private void assertTransactions(AvroReader reader) {
        List<ConsumerRecord<byte[], byte[]>> records = records("transactions");
        assertEquals(12, records.size()); // six transactions
        GenericRecord begin = reader.read(records.get(0).value());
        GenericRecord end = reader.read(records.get(1).value());
        assertEquals("BEGIN", begin.get("status").toString());
        assertNull(begin.get("record_count"));
        assertEquals("END", end.get("status").toString());
        assertEquals(1L, end.get("record_count"));
        assertEquals(
                "[{\"table\": \"public.items\", \"record_count\": 1}]",
                end.get("tables").toString());
        assertEquals(begin.get("xid"), end.get("xid"));
        assertEquals(end.get("commit_lsn"), reader.read(records.get(1).key()).get("commit_lsn"));
    }

    @Test
    void unchangedToastIsNamedAndOddNamesAreMapped() {
        String wide = "(SELECT string_agg(md5(g::text), '') FROM generate_series(1, 1000) g)";
        try (TargetDatabase source = source(
                "CREATE TABLE \"odd $name\" (\"the id\" int PRIMARY KEY, \"1st\" text, _1st text, \"a_x0020_b\" text, \"a b\" text, \"Ä\" text)",
                "INSERT INTO \"odd $name\" VALUES (1, 'one', 'two', " + wide + ", 'four', 'five')",
                "UPDATE \"odd $name\" SET \"1st\" = 'other'")) {
            capture(source, sink(REGISTRY.url()));
            List<GenericRecord> values = new AvroReader(REGISTRY).values(records("public.odd__name"));
            GenericRecord row = row(values.get(0), "new_data");
            assertEquals("odd_x0020__x0024_name", row.getSchema().getNamespace().replaceAll(".*\\.", ""));
            assertEquals("one", row.get("_x0031_st").toString());
            assertEquals("two", row.get("_1st").toString());
            assertEquals("four", row.get("a_x0020_b").toString());
            assertEquals("five", row.get("_x00C4_").toString());
            assertEquals("a b", row.getSchema().getField("a_x0020_b").getProp("pg_column"));
            assertNull(row.getSchema().getField("_1st").getProp("pg_column"));
            assertNull(row(values.get(1), "new_data").get("a_x005F_x0020_b"));
            assertEquals("[a_x0020_b]", values.get(1).get("unchanged_toast").toString());
        }
    }

    @Test
    void anAlteredTableIsReadByItsOldAndItsNewSchema() {
        try (TargetDatabase source = source(
                "CREATE TABLE items (id int PRIMARY KEY, v text NOT NULL, n int)",
                "INSERT INTO items VALUES (1, 'a', 7)",
                "ALTER TABLE items ADD COLUMN added text NOT NULL DEFAULT 'x'",
                "INSERT INTO items VALUES (2, 'b', 8, 'new')",
                "ALTER TABLE items DROP COLUMN v",
                "ALTER TABLE items ALTER COLUMN n TYPE bigint",
                "INSERT INTO items VALUES (3, 9, 'newer')")) {
            capture(source, sink(REGISTRY.url()));
            List<ConsumerRecord<byte[], byte[]>> records = records("public.items");
            assertEquals(3, records.size());
            assertEquals(List.of("1", "2", "3"), REGISTRY.versions(prefix + ".public.items-value"));
            assertEquals(List.of("1"), REGISTRY.versions(prefix + ".public.items-key"));
            AvroReader reader = new AvroReader(REGISTRY);
            List<Schema> schemas =
                    records.stream().map(r -> reader.schema(r.value())).toList();
            for (int i = 1; i < 3; i++) {
                assertNotEquals(schemas.get(i - 1), schemas.get(i));
                assertEquals(
                        SchemaCompatibilityType.COMPATIBLE,
                        SchemaCompatibility.checkReaderWriterCompatibility(schemas.get(i), schemas.get(i - 1))
                                .getType());
            }
            GenericRecord newer = row(reader.read(records.get(0).value(), schemas.get(2)), "new_data");
            assertEquals("{\"id\": 1, \"n\": 7, \"added\": null}", newer.toString());
            GenericRecord older = row(reader.read(records.get(1).value(), schemas.get(0)), "new_data");
            assertEquals("{\"id\": 2, \"v\": \"b\", \"n\": 8}", older.toString());
        }
    }

    @Test
    void aSchemaThatIsNotCompatibleIsRefusedByName() {
        try (TargetDatabase source = source(
                "CREATE TABLE items (id int PRIMARY KEY, n int)",
                "INSERT INTO items VALUES (1, 7)",
                "ALTER TABLE items ALTER COLUMN n TYPE text",
                "INSERT INTO items VALUES (2, 'x')")) {
            Sink sink = sink(REGISTRY.url());
            CdcException refused = assertThrows(CdcException.class, () -> capture(source, sink));
            assertEquals(ErrorCode.TARGET_MISFIT, refused.code(), refused.getMessage());
            assertTrue(
                    refused.getMessage().contains("public.items under subject " + prefix + ".public.items-value"),
                    refused.getMessage());
            assertTrue(refused.getMessage().contains(REGISTRY.url()), refused.getMessage());
        }
    }

    @Test
    void tablesThatShareATopicHaveSubjectsOfTheirOwnWhereThatIsWanted() {
        try (TargetDatabase source = source(
                "CREATE TABLE a (id int PRIMARY KEY)",
                "CREATE TABLE b (id text PRIMARY KEY)",
                "INSERT INTO a VALUES (1)",
                "INSERT INTO b VALUES ('one')")) {
            capture(source, sink(REGISTRY.url(), "topic=" + prefix + ".all", "subject_naming=topic_record"));
            List<GenericRecord> values = new AvroReader(REGISTRY).values(records("all"));
            assertEquals(1, row(values.get(0), "new_data").get("id"));
            assertEquals("one", row(values.get(1), "new_data").get("id").toString());
            assertEquals(List.of("1"), REGISTRY.versions(prefix + ".all-" + prefix + ".public.b.Key"));
        }
    }

    @Test
    void whatAvroHasNoPlaceForIsRefusedByColumnUnlessItIsText() {
        try (TargetDatabase source = source(
                "CREATE TABLE items (id int PRIMARY KEY, n numeric(5,2), a int[], t timestamptz)",
                "INSERT INTO items VALUES (1, 'NaN', '{{1,2},{3,4}}', '294276-01-01 00:00:00+00')")) {
            assertRefused(source, "n", "a", "t");
            assertRefused(source, "a", "t", "n");
            assertRefused(source, "t", "n", "a");
            capture(source, sink(REGISTRY.url(), textColumns("n", "a", "t")));
            GenericRecord row =
                    row(new AvroReader(REGISTRY).values(records("public.items")).get(0), "new_data");
            assertEquals("NaN", row.get("n").toString());
            assertEquals("{{1,2},{3,4}}", row.get("a").toString());
            assertEquals("294276-01-01 00:00:00+00", row.get("t").toString());
        }
    }

    /** @param text the other columns that cannot be written */
    private void assertRefused(TargetDatabase source, String column, String... text) {
        Sink sink = sink(REGISTRY.url(), textColumns(text), "topic_rules=public.*=" + prefix + "_" + column);
        CdcException refused = assertThrows(CdcException.class, () -> capture(source, sink));
        assertEquals(ErrorCode.CHANGE_REFUSED, refused.code(), refused.getMessage());
        assertTrue(refused.getMessage().contains("column \"" + column + "\" of public.items"), refused.getMessage());
        assertTrue(refused.getMessage().contains("text_columns"), refused.getMessage());
    }

    private static String textColumns(String... columns) {
        return "text_columns="
                + String.join(
                        ",",
                        Arrays.stream(columns).map(c -> "public.items." + c).toList());
    }

    @Test
    void aRegistryThatIsDownIsWaitedForAndNotNeededForWhatIsKnown() {
        try (FaultProxy proxy = new FaultProxy(REGISTRY.port());
                Sink sink = sink(ApicurioRegistry.url(proxy.port()))) {
            sink.open(KafkaTarget.SOURCE);
            proxy.refuse();
            Batch first = new TestChanges(1).insert("1", "a").batch();
            SinkException down = assertThrows(SinkException.class, () -> sink.write(first));
            assertEquals(ErrorCode.TARGET_LOST, down.code());
            assertEquals(Retry.RECONNECT, down.retry());
            assertTrue(down.getMessage().contains("127.0.0.1:" + proxy.port()), down.getMessage());
            proxy.accept();
            sink.write(first);
            proxy.refuse();
            sink.write(new TestChanges(2).insert("2", "b").batch());
            assertEquals(Durability.DURABLE, sink.flush());
        }
        AvroReader reader = new AvroReader(REGISTRY);
        List<ConsumerRecord<byte[], byte[]>> records =
                TopicReader.awaitRecords(BROKER.bootstrapServers(), prefix + ".kit.items", 2);
        assertEquals("1", reader.read(records.get(0).key()).get("id").toString());
        assertEquals(
                "b",
                row(reader.read(records.get(1).value()), "new_data").get("v").toString());
    }

    @Test
    void loginsAndRightsAreNamedAndAReaderMayLookUp() {
        Batch batch = new TestChanges(1).insert("1", "a").batch();
        try (LoginProxy proxy = new LoginProxy(REGISTRY.port(), null)) {
            String url = ApicurioRegistry.url(proxy.port());
            String[] registers = {};
            String[] looksUp = {"auto_register=false"};
            assertEquals(
                    ErrorCode.TARGET_LOGIN_REFUSED, refusal(batch, registers, url, "user=writer", "password=letmein"));
            assertEquals(
                    ErrorCode.TARGET_PRIVILEGE_MISSING,
                    refusal(batch, registers, url, "user=reader", "password=right"));
            assertEquals(
                    ErrorCode.TARGET_MISFIT,
                    refusal(batch, looksUp, url + "/nothing", "user=writer", "password=right"));
            assertEquals(ErrorCode.TARGET_MISSING, refusal(batch, looksUp, url, "user=reader", "password=right"));
            try (Sink writer = sinkAs(registers, url, "user=writer", "password=right")) {
                writer.open(KafkaTarget.SOURCE);
                writer.write(batch);
                writer.flush();
            }
            try (Sink reader = sinkAs(looksUp, url, "user=reader", "password=right")) {
                reader.open(KafkaTarget.SOURCE);
                reader.write(new TestChanges(2).insert("2", "b").batch());
                assertEquals(Durability.DURABLE, reader.flush());
            }
        }
        assertEquals(List.of("1"), REGISTRY.versions(prefix + ".kit.items-value"));
    }

    @Test
    void aRegistryBehindTlsNeedsATruststore() {
        Path key = SelfSigned.make(directory);
        String[] none = {};
        Batch batch = new TestChanges(1).insert("1", "a").batch();
        try (LoginProxy proxy = new LoginProxy(REGISTRY.port(), SelfSigned.context(key))) {
            String url = ApicurioRegistry.url(proxy.port()).replace("http:", "https:");
            assertEquals(ErrorCode.TARGET_LOGIN_REFUSED, refusal(batch, none, url, "user=writer", "password=right"));
            try (Sink sink = sinkAs(
                    none,
                    url,
                    "user=writer",
                    "password=right",
                    "ssl.truststore.location=" + key,
                    "ssl.truststore.password=" + SelfSigned.PASSWORD)) {
                sink.open(KafkaTarget.SOURCE);
                sink.write(batch);
                assertEquals(Durability.DURABLE, sink.flush());
            }
        }
        assertEquals(List.of("1"), REGISTRY.versions(prefix + ".kit.items-value"));
    }

    private ErrorCode refusal(Batch batch, String[] settings, String url, String... login) {
        try (Sink sink = sinkAs(settings, url, login)) {
            sink.open(KafkaTarget.SOURCE);
            SinkException refused = assertThrows(SinkException.class, () -> sink.write(batch));
            assertTrue(refused.getMessage().contains(url), refused.getMessage());
            assertFalse(refused.getMessage().contains("letmein"), refused.getMessage());
            return refused.code();
        }
    }

    private Sink sinkAs(String[] settings, String url, String... login) {
        List<String> all = new ArrayList<>(List.of(settings));
        for (String pair : login) {
            all.add("schema_registry=" + pair);
        }
        return sink(url, all.toArray(String[]::new));
    }
}
