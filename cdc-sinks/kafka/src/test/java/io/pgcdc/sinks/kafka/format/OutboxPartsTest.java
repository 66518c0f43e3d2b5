package io.pgcdc.sinks.kafka.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.debezium.transforms.outbox.EventRouter;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.SourceId;
import io.pgcdc.testkit.sink.TestChanges;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of an outbox's events that are null, or that nothing asks for. The table is kit.items (id, v). */
class OutboxPartsTest {

    private static ProducerRecord<byte[], byte[]> record(TestChanges event, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "format",
                FormatChoice.OUTBOX,
                "outbox_preset",
                OutboxPreset.DEBEZIUM,
                "outbox_table",
                new TableName("kit", "items"),
                "message_prefix",
                "events",
                "aggregate_column",
                "id",
                "aggregate_type_column",
                "id",
                "payload_column",
                "v"));
        settings.putAll(more);
        Records records = new Records();
        RecordFormat<JsonBuffer> format = Formats.create(
                "bus",
                InstantSource.system(),
                Formats.complete(new SettingValues(settings)),
                topic -> 1,
                new SourceId("1", "shop", "slot"));
        event.batch().forEach(change -> format.append(change, records));
        assertEquals(1, records.waiting().size());
        return records.waiting().get(0).record();
    }

    private static @Nullable String text(byte @Nullable [] utf8) {
        return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
    }

    /** Kit.items has no column "type", which the preset names and topics do not need. */
    @ParameterizedTest
    @CsvSource(
            value = {"a, a", "NULL, NULL"},
            nullValues = "NULL")
    void ofTheDebeziumPreset(@Nullable String payload, @Nullable String value) {
        ProducerRecord<byte[], byte[]> record = record(new TestChanges(1).insert("7", payload), Map.of());
        assertEquals("outbox.event.7", record.topic());
        assertEquals("7", text(record.key()));
        assertEquals(value, text(record.value()));
        assertEquals("7", text(record.headers().lastHeader("id").value()));
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"id\":\"1\",\"of\":\"7\",\"kind\":\"k\",\"v\":null}'",
        "'{\"id\":\"1\",\"of\":\"7\",\"kind\":\"k\"}'",
    })
    void ofAMessage(String content) {
        Map<String, Object> keys = Map.of("aggregate_column", "of", "aggregate_type_column", "kind");
        ProducerRecord<byte[], byte[]> record = record(new TestChanges(1).message("events", content), keys);
        assertEquals("outbox.event.k", record.topic());
        assertEquals("7", text(record.key()));
        assertNull(record.value());
    }

    @Test
    void aPayloadIsRequiredByDefault() {
        TestChanges event = new TestChanges(1).insert("7", null);
        for (Map<String, Object> refusing : List.<Map<String, Object>>of(
                Map.of("null_payload", NullPayload.REFUSE),
                Map.of("outbox_preset", OutboxPreset.EVENT_OUTBOX, "id_column", "id", "type_column", "id"))) {
            RefusedChangeException e = assertThrows(RefusedChangeException.class, () -> record(event, refusing));
            assertTrue(String.valueOf(e.getMessage()).contains("its v is null"), e.getMessage());
        }
    }

    @Test
    void aTypeThatTheTopicNeedsIsRequired() {
        TestChanges event = new TestChanges(1).insert("7", null);
        Map<String, Object> byType =
                Map.of("event_topic", TopicTemplate.parseOfEvents("events.${event_type}"), "type_column", "v");
        RefusedChangeException e = assertThrows(RefusedChangeException.class, () -> record(event, byType));
        assertTrue(String.valueOf(e.getMessage()).contains("its v is null"), e.getMessage());
    }

    /** What the preset does is what Debezium's router does. */
    @ParameterizedTest
    @CsvSource(
            value = {"a", "NULL"},
            nullValues = "NULL")
    void debeziumsRouterDoesTheSame(@Nullable String payload) {
        SchemaBuilder table = SchemaBuilder.struct();
        for (String column : List.of("id", "aggregatetype", "aggregateid", "type", "payload")) {
            table.field(column, Schema.OPTIONAL_STRING_SCHEMA);
        }
        Schema row = table.optional().build();
        Schema envelope = SchemaBuilder.struct()
                .name("shop.public.outboxevent.Envelope")
                .field("before", row)
                .field("after", row)
                .field("op", Schema.STRING_SCHEMA)
                .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA)
                .build();
        Struct after = new Struct(row)
                .put("id", "7")
                .put("aggregatetype", "7")
                .put("aggregateid", "7")
                .put("payload", payload);
        Struct value = new Struct(envelope).put("after", after).put("op", "c").put("ts_ms", 1L);
        try (EventRouter<SourceRecord> router = new EventRouter<>()) {
            router.configure(Map.of());
            SourceRecord routed = router.apply(
                    new SourceRecord(Map.of(), Map.of(), "shop.public.outboxevent", 0, null, null, envelope, value));
            assertNotNull(routed);
            assertEquals("outbox.event.7", routed.topic());
            assertEquals("7", routed.key());
            assertEquals(payload, routed.value());
            assertEquals("7", routed.headers().lastWithName("id").value());
        }
    }
}
