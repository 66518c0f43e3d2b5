package io.pgcdc.connect.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;

/** The properties of tests, and what the validation says of them. */
final class Answers {

    private Answers() {}

    /** Returns properties: names and values in turn. */
    static Map<String, String> properties(String... namesAndValues) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }

    /** Returns properties without a problem, and others, which replace those with the same name. */
    static Map<String, String> good(String... namesAndValues) {
        Map<String, String> properties = properties(
                "name", "shop",
                "connector.class", "io.pgcdc.connect.PostgresSourceConnector",
                "source.url", "postgresql://cdc@localhost:1/shop",
                "source.slot", "shop_cdc",
                "source.publications", "shop_pub",
                "prefix", "shop");
        properties.putAll(properties(namesAndValues));
        return properties;
    }

    /** Returns Debezium's properties without a problem, and others. */
    static Map<String, String> debezium(String... namesAndValues) {
        Map<String, String> properties = properties(
                "name", "shop",
                "connector.class", "io.pgcdc.connect.PostgresSourceConnector",
                "database.hostname", "localhost",
                "database.port", "1",
                "database.user", "cdc",
                "database.password", "it's \\ secret",
                "database.dbname", "shop",
                "topic.prefix", "shop");
        properties.putAll(properties(namesAndValues));
        return properties;
    }

    /** Returns the errors by property, without properties that have none. */
    static Map<String, List<String>> errors(Map<String, String> properties) {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        for (ConfigValue value : Validation.of(properties).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }

    static ConfigValue value(Map<String, String> properties, String name) {
        return Validation.of(properties).configValues().stream()
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
