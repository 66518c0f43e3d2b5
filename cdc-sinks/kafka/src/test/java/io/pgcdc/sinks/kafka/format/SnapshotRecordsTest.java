package io.pgcdc.sinks.kafka.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import io.pgcdc.testkit.sink.TestChanges;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka gets of a row that a snapshot read. */
class SnapshotRecordsTest {

    private final Records records = new Records();

    private static RecordFormat<JsonBuffer> format(FormatChoice choice, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("format", choice);
        settings.put("prefix", "shop");
        return Formats.create(
                "bus",
                InstantSource.system(),
                Formats.complete(new SettingValues(settings)),
                topic -> 1,
                new SourceId("1", "shop", "slot"));
    }

    private List<ProducerRecord<byte[], byte[]>> records(RecordFormat<JsonBuffer> format, TestChanges... transactions) {
        for (TestChanges each : transactions) {
            each.batch().forEach(change -> format.append(change, records));
            format.endOfTransaction(records);
        }
        return records.waiting().stream().map(Records.Outgoing::record).toList();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return text(record.headers().lastHeader(name).value());
    }

    @Test
    void aNativeRecordHasTheRowUnderItsKey() {
        List<ProducerRecord<byte[], byte[]>> made =
                records(format(FormatChoice.NATIVE, Map.of()), new TestChanges(1_000).read("1", "a"));
        assertEquals(1, made.size());
        ProducerRecord<byte[], byte[]> read = made.get(0);
        assertEquals("shop.kit.items", read.topic());
        assertEquals("1", text(read.key()));
        assertEquals(1L, read.timestamp());
        assertEquals("READ", header(read, "change_type"));
        assertEquals("0/3E800:r0", header(read, "position"));
        assertEquals("0", header(read, "xid"));
        assertTrue(text(read.value()).contains("\"new_data\":{\"id\":\"1\",\"v\":\"a\"}"), text(read.value()));
        assertTrue(text(read.value()).endsWith(",\"snapshot\":\"true\"}"), text(read.value()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NATIVE", "DEBEZIUM", "CLOUDEVENTS"})
    void skipReadLeavesOutRowsOfSnapshotsAlone(FormatChoice choice) {
        RecordFormat<JsonBuffer> format = format(choice, Map.of("skip", List.of(ChangeKind.READ)));
        List<ProducerRecord<byte[], byte[]>> made =
                records(format, new TestChanges(1).read("1", "a"), new TestChanges(1).insert("2", "b"));
        assertEquals(1, made.size());
        assertTrue(text(made.get(0).key()).contains("2"), text(made.get(0).key()));
    }

    /** Not even in the transaction that commits at its LSN. */
    @ParameterizedTest
    @EnumSource(names = {"NATIVE", "DEBEZIUM"})
    void aRowOfASnapshotIsInNoTransaction(FormatChoice choice) {
        RecordFormat<JsonBuffer> format = format(choice, Map.of("transaction_topic", "shop.transaction"));
        List<String> topics = records(
                        format,
                        new TestChanges(1).insert("1", "a"),
                        new TestChanges(2).read("2", "b"),
                        new TestChanges(2).insert("3", "c"))
                .stream()
                .map(ProducerRecord::topic)
                .toList();
        String items = "shop.kit.items";
        String boundary = "shop.transaction";
        assertEquals(List.of(boundary, items, boundary, items, boundary, items, boundary), topics);
        if (choice == FormatChoice.DEBEZIUM) {
            String read = text(records.waiting().get(3).record().value());
            assertTrue(read.contains("\"transaction\":null,\"op\":\"r\""), read);
        }
    }

    @Test
    void cloudEventsSortByTheirSequence() throws IOException {
        List<ProducerRecord<byte[], byte[]>> made = records(
                format(FormatChoice.CLOUDEVENTS, Map.of("message_topic", "shop.message")),
                new TestChanges(1).insert("1", "a"),
                new TestChanges(2).read("2", "b").read("3", "c"),
                new TestChanges(2).insert("4", "d"),
                new TestChanges(3).read("5", "e"));
        List<String> sequences = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> each : made) {
            Map<?, ?> event = new ObjectMapper().readValue(each.value(), Map.class);
            sequences.add(String.valueOf(event.get("sequence")));
            types.add(String.valueOf(event.get("type")).replace("io.pgcdc.change.", ""));
        }
        assertEquals(List.of("insert", "read", "read", "insert", "read"), types);
        assertEquals("000000000000000000000200-00000000000000010", sequences.get(2));
        assertEquals(sequences.stream().sorted().toList(), sequences);
        assertEquals(5, sequences.stream().distinct().count());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOutboxsExistingRowIsAnEventIfTold(boolean told) {
        RecordFormat<JsonBuffer> format = format(
                FormatChoice.OUTBOX,
                Map.of(
                        "outbox_table", new TableName("kit", "items"),
                        "existing_rows", told,
                        "id_column", "id",
                        "type_column", "v",
                        "aggregate_column", "id",
                        "payload_column", "v"));
        List<String> made =
                records(format, new TestChanges(1).read("1", "a"), new TestChanges(2).insert("2", "b")).stream()
                        .map(record -> record.topic() + " " + text(record.key()) + " " + header(record, "id"))
                        .toList();
        List<String> inserted = List.of("outbox.event.b 2 2");
        assertEquals(told ? List.of("outbox.event.a 1 1", inserted.get(0)) : inserted, made);
    }
}
