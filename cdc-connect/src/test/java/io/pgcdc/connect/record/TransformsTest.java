package io.pgcdc.connect.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.debezium.transforms.ExtractNewRecordState;
import io.debezium.transforms.outbox.EventRouter;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.format.FormatChoice;
import io.pgcdc.testkit.sink.TestChanges;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.ExtractField;
import org.apache.kafka.connect.transforms.Filter;
import org.apache.kafka.connect.transforms.InsertField;
import org.apache.kafka.connect.transforms.ReplaceField;
import org.apache.kafka.connect.transforms.TimestampConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.ValueToKey;
import org.apache.kafka.connect.transforms.predicates.RecordIsTombstone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Transforms of Kafka and of Debezium, over records of the table kit.items (id, v): an insert, an update, a delete and its tombstone. */
class TransformsTest {

    private static final long CHANGED_AT_MICROS = 1_767_323_045_678_901L;

    private static List<ReadyRecord> records(FormatChoice format) {
        return records(
                format,
                new TestChanges(CHANGED_AT_MICROS)
                        .insert("7", "a")
                        .update("7", "b")
                        .delete("7"));
    }

    private static List<ReadyRecord> records(FormatChoice format, TestChanges changes) {
        RecordMaker maker = RecordMaker.create(
                "shop",
                InstantSource.system(),
                new SettingValues(Map.of("format", format, "prefix", "shop")),
                new SourceId("1", "shop", "slot"));
        Ready ready = new Ready();
        changes.batch().forEach(change -> maker.append(change, ready));
        return List.copyOf(ready.records());
    }

    /** Returns the values, as text; a record that is dropped has none. */
    private static List<String> values(FormatChoice format, List<? extends Transformation<SourceRecord>> transforms) {
        List<String> values = new ArrayList<>();
        for (ReadyRecord ready : records(format)) {
            SourceRecord record = Transformed.by(transforms, ready);
            if (record != null) {
                values.add(String.valueOf(record.value()));
            }
        }
        return values;
    }

    private static Struct value(@Nullable SourceRecord record) {
        assertNotNull(record);
        Struct value = (Struct) record.value();
        value.validate();
        return value;
    }

    @Test
    void extractFieldGivesTheNewRow() {
        try (var row = Transformed.with(new ExtractField.Value<SourceRecord>(), "field", "new_data");
                var id = Transformed.with(new ExtractField.Key<SourceRecord>(), "field", "id")) {
            assertEquals(
                    List.of("Struct{id=7,v=a}", "Struct{id=7,v=b}", "null", "null"),
                    values(FormatChoice.NATIVE, List.of(row)));
            SourceRecord record =
                    Transformed.by(List.of(id), records(FormatChoice.NATIVE).get(0));
            assertNotNull(record);
            assertEquals("7", record.key());
        }
    }

    @Test
    void extractFieldGivesAColumnOfTheNewRow() {
        try (var column = Transformed.with(
                new ExtractField.Value<SourceRecord>(), "field", "after.v", "field.syntax.version", "V2")) {
            assertEquals(List.of("a", "b", "null", "null"), values(FormatChoice.DEBEZIUM, List.of(column)));
        }
    }

    @Test
    void replaceFieldKeepsAndRenamesFields() {
        try (var fields = Transformed.with(
                new ReplaceField.Value<SourceRecord>(),
                "include",
                "change_type,table_name",
                "renames",
                "change_type:op")) {
            assertEquals(
                    List.of(
                            "Struct{op=INSERT,table_name=items}",
                            "Struct{op=UPDATE,table_name=items}",
                            "Struct{op=DELETE,table_name=items}",
                            "null"),
                    values(FormatChoice.NATIVE, List.of(fields)));
        }
    }

    @Test
    @SuppressWarnings("JavaUtilDate") // Kafka Connect's timestamps
    void timestampConverterReadsTheTimeOfTheChange() {
        try (var time = Transformed.with(
                new TimestampConverter.Value<SourceRecord>(),
                "field",
                "changed_at",
                "target.type",
                "Timestamp",
                "unix.precision",
                "microseconds")) {
            SourceRecord record =
                    Transformed.by(List.of(time), records(FormatChoice.NATIVE).get(0));
            Struct value = value(record);
            assertEquals(Timestamp.SCHEMA, value.schema().field("changed_at").schema());
            assertEquals(Date.from(Instant.parse("2026-01-02T03:04:05.678Z")), value.get("changed_at"));
        }
    }

    @Test
    void insertFieldAddsAFieldToEachRecord() {
        try (var region = Transformed.with(
                new InsertField.Value<SourceRecord>(),
                "static.field",
                "region",
                "static.value",
                "eu",
                "topic.field",
                "from")) {
            for (FormatChoice format : List.of(FormatChoice.NATIVE, FormatChoice.DEBEZIUM)) {
                List<ReadyRecord> records = records(format);
                for (ReadyRecord ready : records.subList(0, 3)) {
                    Struct value = value(Transformed.by(List.of(region), ready));
                    assertEquals("eu", value.get("region"));
                    assertEquals("shop.kit.items", value.get("from"));
                }
                SourceRecord tombstone = Transformed.by(List.of(region), records.get(3));
                assertNotNull(tombstone);
                assertNull(tombstone.value());
            }
        }
    }

    @Test
    void valueToKeyTakesTheKeyFromTheRecord() {
        try (var key = Transformed.with(new ValueToKey<SourceRecord>(), "fields", "table_name,record_id")) {
            SourceRecord record =
                    Transformed.by(List.of(key), records(FormatChoice.NATIVE).get(0));
            assertNotNull(record);
            assertEquals("Struct{table_name=items,record_id=7}", record.key().toString());
        }
    }

    @Test
    void filterDropsTombstones() {
        try (var filter = new Filter<SourceRecord>();
                var isTombstone = new RecordIsTombstone<SourceRecord>()) {
            for (FormatChoice format : List.of(FormatChoice.NATIVE, FormatChoice.DEBEZIUM)) {
                List<Boolean> kept = records(format).stream()
                        .map(Transformed::record)
                        .map(record -> !isTombstone.test(record) || filter.apply(record) != null)
                        .toList();
                assertEquals(List.of(true, true, true, false), kept);
            }
        }
    }

    @Test
    void extractNewRecordStateGivesTheRow() {
        try (var unwrap = Transformed.with(
                new ExtractNewRecordState<SourceRecord>(),
                "delete.tombstone.handling.mode",
                "rewrite",
                "add.fields",
                "op,table")) {
            assertEquals(
                    List.of(
                            "Struct{id=7,v=a,__deleted=false,__op=c,__table=items}",
                            "Struct{id=7,v=b,__deleted=false,__op=u,__table=items}",
                            "Struct{id=7,__deleted=true,__op=d,__table=items}"),
                    values(FormatChoice.DEBEZIUM, List.of(unwrap)));
        }
    }

    @Test
    void eventRouterMakesTheEventsOfOurRouter() {
        try (var router = Transformed.with(
                new EventRouter<SourceRecord>(),
                "table.field.event.id",
                "id",
                "table.field.event.key",
                "id",
                "table.field.event.payload",
                "v",
                "route.by.field",
                "id")) {
            ReadyRecord row = records(FormatChoice.DEBEZIUM, new TestChanges(1).insert("7", "{\"a\":1}"))
                    .get(0);
            SourceRecord event = Transformed.by(List.of(router), row);
            assertNotNull(event);
            assertEquals("outbox.event.7", event.topic());
            assertEquals("7", event.key());
            assertEquals("{\"a\":1}", event.value());
            assertEquals("7", event.headers().lastWithName("id").value());
        }
    }
}
