package io.pgcdc.connect.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.ColumnName;
import io.pgcdc.setting.KeyValues;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.kafka.format.FormatChoice;
import io.pgcdc.sinks.kafka.format.FormatSettings;
import io.pgcdc.sinks.kafka.format.NullKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordSettingsTest {

    private static List<String> problems(FormatChoice format, Map<String, Object> more) {
        Map<String, Object> given = new HashMap<>(more);
        given.put("format", format);
        given.put("prefix", "shop");
        List<String> problems = new ArrayList<>();
        RecordSettings.check(
                new SettingValues(given), (setting, problem) -> problems.add(setting.key() + " " + problem));
        return problems;
    }

    @Test
    void structsAreTheDefault() {
        assertEquals(ValueChoice.STRUCT, SettingValues.NONE.get(RecordSettings.VALUES));
        assertEquals(List.of(), problems(FormatChoice.NATIVE, Map.of()));
        assertEquals(List.of(), problems(FormatChoice.DEBEZIUM, Map.of()));
    }

    @Test
    void formatsOfBytesOnlyAreNoStructs() {
        assertEquals(
                List.of("values is struct, but format: cloudevents has only bytes; write values: bytes"),
                problems(FormatChoice.CLOUDEVENTS, Map.of()));
        assertTrue(problems(FormatChoice.AVRO, registry())
                .contains(
                        "values is struct, but format: avro has only bytes; write values: bytes, or format: native and"
                                + " a converter for Avro"));
        assertEquals(List.of(), problems(FormatChoice.CLOUDEVENTS, Map.of("values", ValueChoice.BYTES)));
    }

    private static Map<String, Object> registry() {
        return Map.of("schema_registry", new KeyValues(Map.of("url", "http://registry:8081")));
    }

    @Test
    void theConverterDecidesAboutSchemas() {
        List<String> problems = problems(FormatChoice.DEBEZIUM, Map.of("schemas_enable", true));
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).startsWith("schemas_enable has no effect with values: struct"), problems.get(0));
        assertEquals(
                List.of(),
                problems(FormatChoice.DEBEZIUM, Map.of("schemas_enable", true, "values", ValueChoice.BYTES)));
    }

    @Test
    void nativeStructsHaveTheOptionsOfTypedColumns() {
        Map<String, Object> texts = Map.of("text_columns", List.of(ColumnName.parse("public.users.id")));
        assertEquals(List.of(), problems(FormatChoice.NATIVE, texts));
        assertEquals(1, problems(FormatChoice.DEBEZIUM, texts).size());
        assertEquals(
                List.of("null_key has a value that is no key with values: struct; write keep or refuse"),
                problems(FormatChoice.NATIVE, Map.of("null_key", NullKey.TABLE)));
    }

    @Test
    void keysInAvroAreNoHeaders() {
        Map<String, Object> avro = new HashMap<>(registry());
        avro.put("values", ValueChoice.BYTES);
        assertEquals(List.of(), problems(FormatChoice.AVRO, avro));
        avro.put("format", FormatChoice.AVRO);
        assertFalse(RecordSettings.complete(new SettingValues(avro)).get(FormatSettings.KEY_CHANGE_HEADERS));
        avro.put("key_change_headers", true);
        List<String> problems = problems(FormatChoice.AVRO, avro);
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).startsWith("key_change_headers is true, but"), problems.get(0));
    }
}
