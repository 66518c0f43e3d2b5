package io.pgcdc.connect.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.debezium.transforms.ExtractNewRecordState;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sink.SourceId;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.ReplaceField;
import org.apache.kafka.connect.transforms.SetSchemaMetadata;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a converter for Avro makes of names that Avro does not allow. */
class AvroNamesTest {

    private static final Ready NATIVE = new Ready();
    private static final Ready DEBEZIUM = new Ready();
    private static final Ready OTHER_PREFIX = new Ready();
    private static final Ready OTHER_TOPIC = new Ready();

    private final AvroRoundTrip avro = new AvroRoundTrip(topic -> true);

    @BeforeAll
    static void capture(@TempDir Path directory) {
        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql(
                    "CREATE TABLE \"order-items\" (id int PRIMARY KEY, v text)",
                    "CREATE TABLE \"1st\" (\"größe\" int PRIMARY KEY, \"a-b\" text)",
                    "CREATE TABLE \"2nd\" (id int PRIMARY KEY)",
                    "CREATE PUBLICATION captured FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')",
                    "INSERT INTO \"order-items\" VALUES (1, 'a')",
                    "INSERT INTO \"1st\" VALUES (2, 'b')",
                    "INSERT INTO \"2nd\" VALUES (3)");
            new Captured(source, directory.resolve("queue"))
                    .named(Map.of("public[.]\"order-items\"", "public.order_items"))
                    .bringTo(Map.of(
                            "native", sink("prefix=my-shop", NATIVE),
                            "debezium", sink("format=debezium;prefix=shop", DEBEZIUM),
                            "prefix", sink("format=debezium;prefix=my-shop", OTHER_PREFIX),
                            "topic",
                                    sink(
                                            "format=debezium;prefix=my_shop;topic=my-shop.${schema}.${table}",
                                            OTHER_TOPIC)));
        }
    }

    private static MakerSink sink(String settings, Ready out) {
        RecordMaker maker = RecordMaker.create(
                "shop", InstantSource.system(), Pair.ofConnector(settings), new SourceId("1", "shop", "slot"));
        return new MakerSink(maker, out);
    }

    private static ReadyRecord one(Ready ready, String topic) {
        List<ReadyRecord> found = ready.records().stream()
                .filter(record -> record.topic().equals(topic))
                .toList();
        assertEquals(1, found.size(), () -> ready.records().toString());
        return found.get(0);
    }

    @Test
    void allNamesFitInTheNativeFormat() {
        assertEquals(3, NATIVE.size());
        for (ReadyRecord record : NATIVE.records()) {
            assertNull(avro.difference(record));
        }
    }

    @Test
    void debeziumsFormatKeepsNamesThatDoNotFit() {
        refused("a-b", one(DEBEZIUM, "shop.public.1st"));
        refused("2nd", one(DEBEZIUM, "shop.public.2nd"));
        refused("my-shop", one(OTHER_PREFIX, "my-shop.public.order_items"));
    }

    private void refused(String name, ReadyRecord record) {
        String message = assertThrows(
                        SchemaParseException.class, () -> avro.difference(record.valueSchema(), record.value()))
                .getMessage();
        assertTrue(String.valueOf(message).contains(name), message);
    }

    @Test
    void aTopicMayHaveANameThatDoesNotFit() {
        assertNull(avro.difference(one(OTHER_TOPIC, "my-shop.public.order_items")));
    }

    @Test
    void anAliasGivesATableANameThatFits() {
        assertNull(avro.difference(one(DEBEZIUM, "shop.public.order_items")));
    }

    @Test
    void transformsGiveColumnsNamesThatFit() {
        String renames = "größe:size,a-b:ab";
        try (var unwrap = Transformed.with(new ExtractNewRecordState<SourceRecord>());
                var ofKey = Transformed.with(new ReplaceField.Key<SourceRecord>(), "renames", renames);
                var ofValue = Transformed.with(new ReplaceField.Value<SourceRecord>(), "renames", renames);
                var keyName = Transformed.with(new SetSchemaMetadata.Key<SourceRecord>(), "schema.name", "first.Key");
                var valueName =
                        Transformed.with(new SetSchemaMetadata.Value<SourceRecord>(), "schema.name", "first.Value")) {
            SourceRecord record = Transformed.by(
                    List.of(unwrap, ofKey, ofValue, keyName, valueName), one(DEBEZIUM, "shop.public.1st"));
            assertNotNull(record);
            assertEquals("Struct{size=2,ab=b}", record.value().toString());
            assertNull(avro.difference(record.keySchema(), record.key()));
            assertNull(avro.difference(record.valueSchema(), record.value()));
        }
    }
}
