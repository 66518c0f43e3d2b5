package io.pgcdc.connect.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.format.FormatChoice;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of the table kit.items (id, v), beside those of the Kafka sink. */
class RecordMakerTest {

    private static final String EVENTS = "format=outbox;outbox_preset=debezium;outbox_table=kit.items;id_column=id"
            + ";aggregate_column=id;aggregate_type_column=id;payload_column=v;message_prefix=events";

    private static RecordMaker maker(Map<String, Object> settings) {
        return RecordMaker.create(
                "shop", InstantSource.system(), new SettingValues(settings), new SourceId("1", "shop", "slot"));
    }

    private static void assertEqual(Pair pair, int records) {
        assertEquals(List.of(), pair.differences());
        assertEquals(records, pair.compared());
    }

    private static void append(TestChanges changes, Pair pair) {
        pair.startOfBatch();
        changes.batch().forEach(pair::append);
        pair.endOfTransaction();
    }

    private static void assertEventsEqual(String values, Pair.Contents contents) {
        Pair rows = new Pair("rows", EVENTS, EVENTS + values, contents, true);
        append(new TestChanges(1).insert("7", "{\"a\":1}").insert("8", null).delete("7"), rows);
        assertEqual(rows, 2);

        String ofMessages = EVENTS.replace("aggregate_column=id", "aggregate_column=of")
                .replace("aggregate_type_column=id", "aggregate_type_column=kind");
        Pair messages = new Pair("messages", ofMessages, ofMessages + values, contents, true);
        append(
                new TestChanges(1)
                        .message("events", "{\"id\":\"1\",\"of\":\"7\",\"kind\":\"k\",\"v\":\"é\"}")
                        .message("events", "{\"of\":8,\"kind\":\"k\",\"v\":{\"b\": 2}}")
                        .message("events", "{\"v\":1}"),
                messages);
        assertEqual(messages, 2);
        assertEquals(1, messages.refused());
    }

    @Test
    void eventsAreTextForStringConverter() {
        assertEventsEqual("", Converted.text());
    }

    @Test
    void eventsAreBytesForByteArrayConverter() {
        assertEventsEqual(";values=bytes", Converted.bytes());
    }

    @Test
    void recordsWithoutKeyGoToPartitionZero() {
        Ready ready = new Ready();
        RecordMaker maker = maker(Map.of("prefix", "shop"));
        new TestChanges(1).withoutKey().insert("1", "a").batch().forEach(change -> maker.append(change, ready));
        ReadyRecord record = ready.records().get(0);
        assertEquals(0, record.partition());
        assertEquals(null, record.key());
        assertEquals(null, record.keySchema());
    }

    @Test
    void bytesHaveTheSchemaOfOptionalBytes() {
        Ready ready = new Ready();
        RecordMaker maker = maker(Map.of("prefix", "shop", "values", ValueChoice.BYTES));
        new TestChanges(1).insert("1", "a").batch().forEach(change -> maker.append(change, ready));
        assertEquals(Schema.OPTIONAL_BYTES_SCHEMA, ready.records().get(0).keySchema());
        assertEquals(Schema.OPTIONAL_BYTES_SCHEMA, ready.records().get(0).valueSchema());
    }

    @ParameterizedTest
    @ValueSource(strings = {"struct", "bytes"})
    void countsOfTransactionsSurviveAnUndoneBatch(String values) {
        String settings = "format=debezium;prefix=shop;transaction_topic=shop.transaction";
        Pair.Contents contents = values.equals("bytes") ? Converted.bytes() : Converted.json(false, topic -> false);
        Pair pair = new Pair("counts", settings, settings + ";values=" + values, contents, true);
        TestChanges first = new TestChanges(1).insert("1", "a").insert("2", "b");
        pair.startOfBatch();
        first.batch().forEach(pair::append);
        pair.undoBatch();
        append(first, pair);
        pair.startOfBatch();
        new TestChanges(2).insert("3", "c").batch().forEach(change -> pair.passOver(change, true));
        pair.endOfTransaction();
        assertEqual(pair, 3 + 4);
    }

    /** JSON of the Kafka sink has a null there, which a Struct may not have. */
    @Test
    void aKeyWithoutDebeziumsFormIsRefused(@TempDir Path directory) {
        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql(
                    "CREATE TABLE nan_key (id numeric(10,2) PRIMARY KEY)",
                    "CREATE PUBLICATION captured FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')",
                    "INSERT INTO nan_key VALUES ('NaN')");
            RecordMaker maker = maker(Map.of("format", FormatChoice.DEBEZIUM, "prefix", "shop"));
            Captured captured = new Captured(source, directory.resolve("queue"));
            CdcException refused = assertThrows(
                    CdcException.class, () -> captured.bringTo(Map.of("connector", new MakerSink(maker, new Ready()))));
            assertTrue(refused.getMessage().contains("column \"id\" of public.nan_key"), refused.getMessage());
            assertTrue(refused.getMessage().contains("decimal_handling_mode: string"), refused.getMessage());
        }
    }
}
