package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.delivery.FailurePolicy;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.delivery.StartFrom;
import io.pgcdc.model.TableName;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.FullPolicy;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.source.TableAliases;
import io.pgcdc.view.OriginFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static Map<String, @Nullable Object> defaults(List<Setting<?>> settings) {
        Map<String, @Nullable Object> defaults = new LinkedHashMap<>();
        settings.forEach(s -> defaults.put(s.key(), s.required() ? "required" : s.defaultValue()));
        return defaults;
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }

    @Test
    void defaultsOfTheSourceArePinned() {
        assertEquals(
                map(
                        "url",
                        "required",
                        "password_command",
                        null,
                        "slot",
                        "required",
                        "publications",
                        "required",
                        "create_slot",
                        false,
                        "failover_slot",
                        false,
                        "create_publication",
                        false,
                        "publication_tables",
                        null,
                        "table_aliases",
                        TableAliases.NONE,
                        "status_interval_ms",
                        10_000L,
                        "receive_timeout_ms",
                        60_000L,
                        "connect_timeout_ms",
                        10_000L,
                        "reconnect",
                        true,
                        "heartbeat_interval_ms",
                        60_000L,
                        "watch_interval_ms",
                        5_000L),
                defaults(SourceSettings.ALL));
    }

    @Test
    void defaultsOfTheQueueArePinned() {
        assertEquals(
                map(
                        "dir", "required",
                        "confirm", ConfirmPolicy.SINKS,
                        "auto_queue_below_percent", 50L,
                        "auto_queue_below_ms", 300_000L,
                        "segment_bytes", 1_048_576L,
                        "segment_changes", 20_000L,
                        "file_bytes", 268_435_456L,
                        "gather_ms", 20L,
                        "flush_interval_ms", 500L,
                        "flush_bytes", 67_108_864L,
                        "min_free_bytes", 134_217_728L,
                        "max_bytes", 0L,
                        "retain_bytes", 0L,
                        "when_full", FullPolicy.PAUSE,
                        "allow_network_fs", false),
                defaults(QueueSettings.ALL));
    }

    @Test
    void defaultsOfTopAndSinksArePinned() {
        assertEquals(map("name", null, "max_row_bytes", 33_554_432L), defaults(PipelineSettings.ALL));
        assertEquals(
                map(
                        "name",
                        "required",
                        "type",
                        "required",
                        "on_failure",
                        FailurePolicy.STOP_SINK,
                        "retry_for_ms",
                        0L,
                        "retry_times",
                        20L,
                        "linger_ms",
                        200L,
                        "start",
                        StartFrom.BEGINNING,
                        "dead_letter",
                        false,
                        "publications",
                        null,
                        "tables",
                        null,
                        "exclude_tables",
                        List.of(),
                        "origins",
                        OriginFilter.ANY,
                        "exclude_columns",
                        List.of(),
                        "mask",
                        List.of(),
                        "mask_salt",
                        null),
                defaults(SinkSettings.ALL));
    }

    @Test
    void limitsArePinned() {
        Map<String, String> limits = new LinkedHashMap<>();
        Stream.of(SourceSettings.ALL, QueueSettings.ALL, PipelineSettings.ALL, SinkSettings.ALL)
                .flatMap(List::stream)
                .filter(s -> s.type().name().equals("integer"))
                .forEach(s -> limits.put(s.key(), s.type().limits()));
        assertEquals(
                map(
                        "status_interval_ms", "100 to 600000",
                        "receive_timeout_ms", "1000 to 3600000",
                        "connect_timeout_ms", "1000 to 600000, a multiple of 1000",
                        "segment_bytes", "4096 to 67108864",
                        "segment_changes", "1 to 1000000",
                        "gather_ms", "0 to 1000",
                        "file_bytes", "1048576 to 17179869184",
                        "flush_interval_ms", "1 to 60000",
                        "flush_bytes", "65536 to 17179869184",
                        "max_row_bytes", "1024 to 1073741823",
                        "heartbeat_interval_ms", "0 to 3600000",
                        "watch_interval_ms", "100 to 600000",
                        "auto_queue_below_percent", "1 to 99",
                        "auto_queue_below_ms", "0 to 604800000",
                        "retry_for_ms", "0 to 604800000",
                        "retry_times", "0 to 1000000",
                        "linger_ms", "0 to 60000",
                        "min_free_bytes", "0 to 1099511627776",
                        "max_bytes", "0 to 1125899906842624",
                        "retain_bytes", "0 to 1125899906842624"),
                limits);
    }

    @Test
    void everyDefaultLiesWithinItsOwnLimits() {
        Stream.of(SourceSettings.ALL, QueueSettings.ALL, PipelineSettings.ALL, SinkSettings.ALL)
                .flatMap(List::stream)
                .forEach(s -> {
                    Object value = s.defaultValue();
                    if (value != null) {
                        assertEquals(value, s.read(SettingType.print(value)), s.key());
                    }
                    assertTrue(s.doc().endsWith("."), s.key());
                });
    }

    @Test
    void commasInDoubleQuotesDoNotSplit() {
        assertEquals(List.of("a", "\"b,c\".d", ""), SettingType.split("a , \"b,c\".d,"));
    }

    @Test
    void aListHasNoElementTwice() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> SettingType.list().read(List.of("a", "b", "a")));
        assertEquals("each element once; a is given twice", e.getMessage());
    }

    @Test
    void tableNamesParseAsPrinted() {
        for (String name : List.of("public.users", "\"My Schema\".\"Us.\"\"ers\"", "a$1._b")) {
            assertEquals(name, TableName.parse(name).toString());
        }
        assertEquals(new TableName("My.S", "t"), TableName.parse("\"My.S\".t"));
        assertEquals("\"public\".\"a\"\"b\"", new TableName("public", "a\"b").sql());
    }

    @Test
    void ambiguousTableNamesAreRefused() {
        for (String name :
                List.of("users", "a.b.c", "Public.users", "a.", ".b", "", "\"a.b", "\"a\"b.c", "\"\".a", "a b.c")) {
            assertThrows(IllegalArgumentException.class, () -> TableName.parse(name), name);
        }
        assertThrows(IllegalArgumentException.class, () -> TableName.parse("a." + "b".repeat(64)));
    }

    @Test
    void nearNamesAreFoundAndFarOnesAreNot() {
        List<String> known = List.of("slot", "publications", "status_interval_ms");
        assertEquals("slot", NearMatch.of("slott", known));
        assertEquals("slot", NearMatch.of("solt", known));
        assertEquals("publications", NearMatch.of("publication", known));
        assertEquals("status_interval_ms", NearMatch.of("statusIntervalMs", known));
        assertEquals("status_interval_ms", NearMatch.of("status-interval", known));
        assertNull(NearMatch.of("mask", known));
        assertNull(NearMatch.of("", known));
    }
}
