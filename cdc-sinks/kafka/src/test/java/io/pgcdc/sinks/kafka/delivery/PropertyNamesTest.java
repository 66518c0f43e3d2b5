package io.pgcdc.sinks.kafka.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PropertyNamesTest {

    private static List<String> problems(String... names) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : names) {
            properties.put(name, "x");
        }
        return PropertyNames.problems(properties);
    }

    @Test
    void propertiesOfEachClientAreKnown() {
        assertEquals(
                List.of(),
                problems("bootstrap.servers", "linger.ms", "fetch.min.bytes", "sasl.jaas.config", "retries"));
    }

    @Test
    void aMisspeltNameIsCorrected() {
        assertEquals(
                List.of("has \"compresion.type\"; did you mean compression.type?"),
                problems("bootstrap.servers", "compresion.type"));
    }

    @Test
    void aNameThatNoClientKnowsIsRefused() {
        assertEquals(
                List.of(
                        "has \"schema.registry.url\", which Kafka's clients do not know; correct the name, or remove it"),
                problems("schema.registry.url"));
    }

    /** The class may read it. A misspelt name of Kafka's is still one. */
    @Test
    void aNameMayBelongToAClassThatTheUserAdds() {
        assertEquals(List.of(), problems("interceptor.classes", "audit.url"));
        assertEquals(List.of(), problems("config.providers", "config.providers.vault.class"));
        assertEquals(
                List.of("has \"linger.m\"; did you mean linger.ms?"),
                problems("sasl.login.callback.handler.class", "linger.m"));
    }
}
