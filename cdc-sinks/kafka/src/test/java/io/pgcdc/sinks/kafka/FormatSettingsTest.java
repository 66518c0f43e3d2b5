package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.setting.Setting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings of formats that do not go together, found before anything is started. */
class FormatSettingsTest {

    private static List<String> problems(String... settings) {
        List<String> all = new ArrayList<>(List.of("properties=bootstrap.servers=b:1", "prefix=p"));
        all.addAll(List.of(settings));
        List<String> problems = new ArrayList<>();
        new KafkaSinkProvider()
                .check(
                        KafkaTarget.values(all.toArray(String[]::new)),
                        (setting, problem) -> problems.add(setting.key() + " " + problem));
        return problems;
    }

    private static void assertProblem(String expected, String... settings) {
        List<String> problems = problems(settings);
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).startsWith(expected), problems.get(0));
    }

    @Test
    void avroNeedsARegistryThatCanBeOne() {
        assertEquals(
                List.of(),
                problems(
                        "format=avro",
                        "schema_registry=url=https://registry:8081/path/",
                        "schema_registry=user=u",
                        "schema_registry=password=p"));
        assertProblem("schema_registry has no url", "format=avro");
        assertProblem("schema_registry has no url", "format=avro", "schema_registry=url=registry:8081");
        assertProblem("schema_registry has no url", "format=avro", "schema_registry=url=http://u:p@registry");
        assertProblem(
                "schema_registry contains the unknown name uri",
                "format=avro",
                "schema_registry=url=http://registry",
                "schema_registry=uri=x");
        assertProblem(
                "schema_registry has only one of user and password",
                "format=avro",
                "schema_registry=url=http://registry",
                "schema_registry=user=u");
        assertProblem(
                "null_key has a value that is no key in format: avro",
                "format=avro",
                "schema_registry=url=http://registry",
                "null_key=table");
    }

    @Test
    void aFormatsSettingsAreItsOwn() {
        assertProblem("schema_registry has no effect with format: native", "schema_registry=url=http://registry");
        assertProblem(
                "cloudevents_mode has no effect with format: debezium", "format=debezium", "cloudevents_mode=binary");
        assertProblem(
                "schemas_enable has no effect with format: cloudevents", "format=cloudevents", "schemas_enable=true");
    }

    @Test
    void onlyKindsThatAreDeliveredCanBeSkipped() {
        Setting<?> skip = new KafkaSinkProvider()
                .settings().stream()
                        .filter(s -> s.key().equals("skip"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(
                "one of insert, update, delete, truncate, message, read",
                skip.type().limits());
    }
}
