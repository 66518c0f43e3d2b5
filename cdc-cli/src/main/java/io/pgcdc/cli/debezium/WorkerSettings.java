package io.pgcdc.cli.debezium;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.sinks.kafka.delivery.Delivery;
import io.pgcdc.sinks.kafka.delivery.OwnProperties;
import io.pgcdc.sinks.kafka.delivery.PropertyNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates what Kafka Connect or Debezium Server reads for every connector: converters, topics to create, Kafka's own properties. */
final class WorkerSettings {

    /** The first part of the names of a producer's properties. */
    static final String PRODUCER = "producer.override.";

    private static final String BOOTSTRAP = "bootstrap.servers";
    /** The first part of the names of what new topics have. */
    static final String CREATION = "topic.creation.default.";

    private static final String SCHEMAS = ".schemas.enable";
    private static final List<String> CONVERTERS = List.of("value.converter", "key.converter");

    /** Converters that write text or bytes as they are. */
    private static final Set<String> PLAIN = Set.of(
            "org.apache.kafka.connect.storage.StringConverter",
            "org.apache.kafka.connect.converters.ByteArrayConverter",
            "io.debezium.converters.ByteBufferConverter",
            "io.debezium.converters.ByteArrayConverter",
            "io.debezium.converters.BinaryDataConverter",
            "simplestring",
            "binary");

    private static final Map<String, String> UNNEEDED = Map.ofEntries(
            Map.entry("connector.class", "pgcdc reads PostgreSQL"),
            Map.entry("tasks.max", "a slot has one reader"),
            Map.entry("header.converter", "headers are text"),
            Map.entry("topic.creation.enable", "create_topics is true by default"),
            Map.entry("topic.creation.groups", "topic_config is for all topics that the sink creates"),
            Map.entry("exactly.once.support", "delivery is exactly_once by default"),
            Map.entry("offsets.storage.topic", "cdc slot adopt --offsets-topic reads it"));

    /** By the start of the name; the first that matches counts. */
    private static final Map<String, String> UNNEEDED_STARTS = starts();

    private final Map<String, Option> options;
    private final ConvertedSettings settings;
    private final Notes notes;

    WorkerSettings(Map<String, Option> options, ConvertedSettings settings, Notes notes) {
        this.options = options;
        this.settings = settings;
        this.notes = notes;
    }

    private static Map<String, String> starts() {
        String position = "the position is in Kafka; cdc slot adopt takes over the connector's offset";
        Map<String, String> starts = new LinkedHashMap<>();
        starts.put("transaction.boundary", "a Kafka transaction has whole transactions of the source");
        starts.put("offset.", position);
        starts.put("debezium.sink.type", "the sink is Kafka");
        starts.put("database.history.", "the stream has the schemas");
        starts.put("schema.history.", "the stream has the schemas");
        starts.put(
                "errors.",
                "cdc run logs each error and tries again; dead_letter: true writes refused changes to a file");
        starts.put("consumer.override.", "the sink's properties are for all of its clients");
        starts.put("admin.override.", "the sink's properties are for all of its clients");
        starts.put("debezium.sink.kafka.", "the sink waits for Kafka's answers itself");
        starts.put("debezium.format.", "records are Debezium's, in JSON");
        starts.put("quarkus.", "cdc run has its own log (--log-format) and HTTP server (--http)");
        starts.put("key.converter.", "records are JSON");
        starts.put("value.converter.", "records are JSON");
        starts.put("header.converter.", "headers are text");
        return starts;
    }

    /** Translates. Leaves out transforms and predicates. Returns false for a name that is none of a worker's. */
    boolean translate(Option option) {
        String name = option.name();
        if (name.equals("name")) {
            name(option);
        } else if (name.equals(BOOTSTRAP) || name.startsWith(PRODUCER)) {
            return true; // properties() has them
        } else if (name.startsWith(CREATION)) {
            creation(option, name.substring(CREATION.length()));
        } else if (name.startsWith("topic.creation.") && !UNNEEDED.containsKey(name)) {
            notes.lacking(option.written(), "topic_config is for all topics; create others before the first run");
        } else if (CONVERTERS.contains(name)) {
            converter(option);
        } else if (CONVERTERS.stream().anyMatch(converter -> name.equals(converter + SCHEMAS))) {
            return true; // schemas() has them
        } else {
            String why = why(name);
            if (why == null) {
                return false;
            }
            notes.unneeded(option.written(), why);
        }
        return true;
    }

    private static @Nullable String why(String name) {
        String exact = UNNEEDED.get(name);
        return exact != null
                ? exact
                : UNNEEDED_STARTS.entrySet().stream()
                        .filter(e -> name.startsWith(e.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null);
    }

    private void name(Option option) {
        String plain = option.text().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
        try {
            settings.top().put("name", Line.text(PipelineSettings.NAME.read(List.of(plain)), option.written()));
        } catch (IllegalArgumentException e) {
            notes.unneeded(option.written(), "the pipeline has the slot's name");
        }
    }

    private void creation(Option option, String key) {
        String setting = switch (key) {
            case "partitions" -> "partitions";
            case "replication.factor" -> "replication_factor";
            default -> null;
        };
        if (setting != null && option.text().strip().equals("-1")) {
            notes.unneeded(option.written(), "-1 is the cluster's default, as without a setting");
        } else if (setting != null) {
            settings.put(setting, option.name(), option.text());
        } else if (key.equals("include") || key.equals("exclude")) {
            notes.unneeded(option.written(), "topic_config is for all topics that the sink creates");
        }
    }

    private void converter(Option option) {
        String converter = option.text().strip();
        if (converter.endsWith(".JsonConverter") || converter.equals("json") || PLAIN.contains(converter)) {
            notes.unneeded(option.written(), "records are JSON");
        } else {
            notes.lacking(
                    option.written(),
                    converter
                            + "; format: debezium writes JSON. For another converter, use pgcdc's connector for Kafka Connect"
                            + " (docs/how-to/connect.md); format: avro has its own records");
        }
    }

    /** Adds whether records have their schemas: JsonConverter's default is yes. */
    void schemas() {
        Option value = options.get("value.converter" + SCHEMAS);
        Option key = options.get("key.converter" + SCHEMAS);
        Option option = value == null ? key : value;
        if (value != null
                && key != null
                && !value.text().strip().equals(key.text().strip())) {
            notes.lacking(key.written(), "schemas_enable is for keys and values; " + value.written() + " counts");
        }
        if (option != null) {
            settings.put("schemas_enable", option.name(), option.text());
            if (value != null && key != null) {
                notes.unneeded(key.written(), "schemas_enable is for keys and values");
            }
        } else {
            settings.sink()
                    .put("schemas_enable", Line.text("true", "JsonConverter's default; false if the worker says so"));
        }
    }

    /** Returns the properties of the sink's clients, and the configuration of new topics. */
    void properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        StringBuilder from = new StringBuilder();
        Option bootstrap = options.get(BOOTSTRAP);
        for (Option option : options.values()) {
            if (option.name().startsWith(PRODUCER)) {
                int before = properties.size();
                property(option, properties);
                if (properties.size() > before) {
                    from.append(from.isEmpty() ? "" : ", ").append(option.written());
                }
            }
        }
        if (bootstrap != null) {
            property(bootstrap.named(PRODUCER + BOOTSTRAP), properties);
        } else if (!properties.containsKey(BOOTSTRAP)) {
            properties.put(BOOTSTRAP, "${env:KAFKA_BOOTSTRAP_SERVERS}");
            notes.variable("KAFKA_BOOTSTRAP_SERVERS");
        }
        settings.sink().put("properties", Line.mapping(properties, from.toString()));
        Map<String, String> topics = new LinkedHashMap<>();
        for (Option option : options.values()) {
            String key = option.name().startsWith(CREATION) ? option.name().substring(CREATION.length()) : "";
            if (!key.isEmpty()
                    && !Set.of("partitions", "replication.factor", "include", "exclude")
                            .contains(key)) {
                topics.put(key, option.text());
            }
        }
        if (!topics.isEmpty()) {
            settings.sink().put("topic_config", Line.mapping(topics, CREATION + "*"));
        }
    }

    private void property(Option option, Map<String, String> properties) {
        String key = option.name().substring(PRODUCER.length());
        Map<String, String> one = Map.of(key, option.text());
        if (key.endsWith(".serializer")) {
            notes.unneeded(option.written(), "keys and values are bytes already");
        } else if (!OwnProperties.problems(one, Delivery.EXACTLY_ONCE).isEmpty()) {
            notes.lacking(option.written(), "the sink sets this property itself");
        } else if (!PropertyNames.problems(one).isEmpty()) {
            String problem = PropertyNames.problems(one).get(0);
            if (problem.contains("did you mean")) {
                settings.problem(
                        ErrorCode.CONFIG_UNKNOWN_KEY,
                        option.name(),
                        option.written() + ": the properties would have one" + " that Kafka does not know: it "
                                + problem);
            } else {
                notes.lacking(option.written(), "Kafka's clients do not know this property");
            }
        } else {
            properties.put(key, option.text());
        }
    }
}
