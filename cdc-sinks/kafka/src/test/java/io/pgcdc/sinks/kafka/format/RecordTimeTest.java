package io.pgcdc.sinks.kafka.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import io.pgcdc.testkit.sink.TestChanges;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordTimeTest {

    @Test
    void aDebeziumRecordIsMadeWhenTheSinksClockSays() {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.678901Z"));
        RecordFormat<JsonBuffer> format = Formats.create(
                "bus",
                clock,
                Formats.complete(new SettingValues(Map.of("format", FormatChoice.DEBEZIUM, "prefix", "shop"))),
                topic -> 1,
                new SourceId("1", "shop", "slot"));
        Records records = new Records();
        new TestChanges(1).insert("1", "a").batch().forEach(change -> format.append(change, records));

        assertEquals(1, records.waiting().size());
        String value = new String(records.waiting().get(0).record().value(), StandardCharsets.UTF_8);
        assertTrue(
                value.endsWith(
                        ",\"op\":\"c\",\"ts_ms\":1767323045678,\"ts_us\":1767323045678000,\"ts_ns\":1767323045678000000}"),
                value);
    }
}
