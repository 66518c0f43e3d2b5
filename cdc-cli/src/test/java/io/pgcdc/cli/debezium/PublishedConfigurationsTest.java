package io.pgcdc.cli.debezium;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.debezium.config.Configuration;
import io.debezium.relational.TableId;
import io.debezium.schema.SchemaTopicNamingStrategy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations with the options of published ones: what they become loads, and its topics are those of Debezium's own classes. */
class PublishedConfigurationsTest {

    private static final String SECRET = "s3cret-value";

    @TempDir
    Path directory;

    /** Files, tables that they capture, and the options that are not taken over. */
    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("tutorial.json", List.of("inventory.products", "inventory.Odd Name"), List.of()),
                Arguments.of("orders.json", List.of("public.orders", "public.order_items"), List.of()),
                Arguments.of("server.properties", List.of("public.users"), List.of("debezium.source.database.user")),
                Arguments.of("route-all.json", List.of("public.a", "sales.b_2"), List.of()),
                Arguments.of("strimzi.yaml", List.of("public.products"), List.of("database.user")),
                Arguments.of(
                        "unwrap-and-route.json",
                        List.of("public.books", "public.lending"),
                        List.of("transforms.unwrap")),
                Arguments.of(
                        "shards.json",
                        List.of("db.customers_shard_1", "db.customers_shard_2", "db.regions"),
                        List.of()),
                Arguments.of("former-names.json", List.of("public.books"), List.of("plugin.name", "snapshot.mode")),
                Arguments.of(
                        "beats.json",
                        List.of("public.payments"),
                        List.of("heartbeat.action.query", "signal.data.collection")),
                Arguments.of(
                        "columns.json",
                        List.of("public.staff"),
                        List.of("column.include.list", "column.mask.with.12.chars")),
                Arguments.of(
                        "cloud.json",
                        List.of("public.passengers"),
                        List.of(
                                "after.state.only",
                                "kafka.api.key",
                                "kafka.api.secret",
                                "kafka.auth.mode",
                                "output.data.format")),
                Arguments.of(
                        "standalone.properties",
                        List.of("public.events"),
                        List.of("key.converter", "value.converter")));
    }

    @ParameterizedTest
    @MethodSource("files")
    void topicsAreDebeziums(String file, List<String> tables) throws Exception {
        ConvertedConfig converted = ConvertedConfig.of(file, true, directory);
        for (String table : tables) {
            String schema = table.substring(0, table.indexOf('.'));
            String name = table.substring(table.indexOf('.') + 1);
            assertEquals(
                    topic(file, schema, name),
                    converted.topic(schema, name.replaceAll("[^A-Za-z0-9._-]", "_")),
                    converted.yaml());
        }
    }

    /** Returns the topic as Debezium names it, and Kafka Connect's transforms rename it. */
    private static String topic(String file, String schema, String table) throws Exception {
        Map<String, String> options = new HashMap<>();
        OptionNames.of(
                        OptionFile.read(
                                Path.of("src/test/resources/debezium", file),
                                Path.of("").toAbsolutePath()),
                        new Notes())
                .forEach((name, option) -> options.put(name, option.text()));
        String topic = new SchemaTopicNamingStrategy(Configuration.from(options).asProperties())
                .dataChangeTopic(new TableId("", schema, table));
        SourceRecord sent = new SourceRecord(Map.of(), Map.of(), topic, null, null);
        for (String name : options.getOrDefault("transforms", "").split(",")) {
            String type = options.getOrDefault("transforms." + name + ".type", "");
            if (type.endsWith("Router")) {
                @SuppressWarnings({"unchecked", "rawtypes"})
                Transformation<SourceRecord> transform = Class.forName(type)
                        .asSubclass(Transformation.class)
                        .getDeclaredConstructor()
                        .newInstance();
                Map<String, String> own = new HashMap<>();
                String start = "transforms." + name + ".";
                options.forEach((option, text) -> {
                    if (option.startsWith(start)) {
                        own.put(option.substring(start.length()), text);
                    }
                });
                transform.configure(own);
                sent = transform.apply(sent);
            }
        }
        return sent.topic();
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachOptionIsTakenOverOrNamed(String file, List<String> tables, List<String> lacking) throws Exception {
        String yaml = ConvertedConfig.of(file, true, directory).yaml();
        assertNamed(file, yaml);
        assertEquals(new TreeSet<>(lacking), lacking(yaml), yaml);
        assertTrue(yaml.lines().filter(line -> line.startsWith("#")).allMatch(line -> line.length() <= 80), yaml);
    }

    private static void assertNamed(String file, String yaml) {
        String text = yaml.replaceAll("\n *# +", " ");
        for (Option option : OptionFile.read(
                Path.of("src/test/resources/debezium", file), Path.of("").toAbsolutePath())) {
            String written = option.written();
            String plain = written.replaceFirst("^debezium\\.(source\\.)?", "");
            boolean named = text.contains(written)
                    || shortened(plain).stream().anyMatch(text::contains)
                    || plain.equals("transforms");
            assertTrue(named, () -> written + " in\n" + yaml);
        }
    }

    /** Returns how a file may name an option together with others. */
    private static List<String> shortened(String option) {
        List<String> names = new ArrayList<>();
        for (String start : List.of("database.", "topic.creation.default.")) {
            if (option.startsWith(start)) {
                names.add(start + "*");
            }
        }
        if (option.startsWith("predicates.")) {
            names.add("predicates");
        }
        String transform = "transforms.";
        if (option.startsWith(transform)) {
            names.add(option.substring(0, option.indexOf('.', transform.length())));
        }
        return names;
    }

    private static Set<String> lacking(String yaml) {
        Set<String> lacking = new TreeSet<>();
        int at = yaml.indexOf("# These options are not taken over:");
        if (at >= 0) {
            yaml.substring(at)
                    .lines()
                    .filter(line -> line.startsWith("# - "))
                    .forEach(line -> lacking.add(line.substring(4, line.indexOf(": "))));
        }
        return lacking;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tutorial.json",
                "orders.json",
                "cloud.json",
                "standalone.properties",
                "outbox.json",
                "outbox-columns.json",
                "outbox-and-tables.json"
            })
    void secretsAreNotRepeated(String file) throws Exception {
        assertTrue(ConvertedConfig.text(file).contains(SECRET));
        for (boolean newSlot : List.of(true, false)) {
            assertFalse(ConvertedConfig.of(file, newSlot, directory).yaml().contains(SECRET));
        }
    }

    @Test
    void withoutNewSlotThePipelineGoesOnWithTheConnectors() throws Exception {
        ConvertedConfig converted = ConvertedConfig.of("orders.json", false, directory);
        assertFalse(converted.pipeline().source().createSlot());
        assertFalse(converted.pipeline().source().createPublication());
        assertEquals("NEVER", converted.pipeline().snapshot().mode().name());
        assertTrue(ConvertedConfig.of("orders.json", true, directory)
                .pipeline()
                .source()
                .createSlot());
    }

    @Test
    void valuesAreTakenOver() throws Exception {
        ConvertedConfig converted = ConvertedConfig.of("orders.json", true, directory);
        assertEquals("orders_slot", converted.pipeline().source().slot());
        assertEquals(
                "db.internal:5433/orders as cdc",
                converted.pipeline().source().address().describe());
        assertEquals("STRING", converted.setting("kafka", "decimal_handling_mode"));
        assertEquals("CONNECT", converted.setting("kafka", "time_precision_mode"));
        assertEquals("false", converted.setting("kafka", "tombstones"));
        assertEquals("false", converted.setting("kafka", "schemas_enable"));
        ConvertedConfig beats = ConvertedConfig.of("beats.json", true, directory);
        assertEquals("pay-transaction", beats.setting("kafka", "transaction_topic"));
        assertEquals("pay-message", beats.setting("kafka", "message_topic"));
        ConvertedConfig strimzi = ConvertedConfig.of("strimzi.yaml", true, directory);
        assertEquals("6", strimzi.setting("kafka", "partitions"));
        assertTrue(strimzi.setting("kafka", "topic_config").contains("cleanup.policy"));
        ConvertedConfig standalone = ConvertedConfig.of("standalone.properties", true, directory);
        assertTrue(standalone.yaml().contains("${env:KAFKA_SASL_JAAS_CONFIG}"), standalone.yaml());
        assertEquals("standalone-connector", standalone.pipeline().name());
    }

    @Test
    void anOutboxIsASinkOfEvents() throws Exception {
        ConvertedConfig converted = ConvertedConfig.of("outbox.json", false, directory);
        assertEquals(List.of("outbox"), converted.sinks());
        assertEquals("public.outboxevent", converted.setting("outbox", "outbox_table"));
        assertEquals("outbox.event.${aggregate_type}", converted.setting("outbox", "event_topic"));
        assertNamed("outbox.json", converted.yaml());
        ConvertedConfig columns = ConvertedConfig.of("outbox-columns.json", false, directory);
        assertEquals("parcels.outbox_event", columns.setting("outbox", "outbox_table"));
        assertEquals("${aggregate_type}-events", columns.setting("outbox", "event_topic"));
        assertEquals("aggregate_type", columns.setting("outbox", "aggregate_type_column"));
        assertEquals("aggregate_id", columns.setting("outbox", "aggregate_column"));
        assertNamed("outbox-columns.json", columns.yaml());
    }

    @Test
    void tablesBesideAnOutboxHaveASinkOfTheirOwn() throws Exception {
        ConvertedConfig converted = ConvertedConfig.of("outbox-and-tables.json", false, directory);
        assertEquals(List.of("outbox", "kafka"), converted.sinks());
        assertEquals("events.${aggregate_type}", converted.setting("outbox", "event_topic"));
        assertEquals("shop.public.customers", converted.topic("public", "customers"));
        List<String> tables = new ArrayList<>();
        converted.pipeline().sinks().get(1).route().tables().forEach(table -> tables.add(table.toString()));
        assertEquals(List.of("public.customers"), tables);
        assertNamed("outbox-and-tables.json", converted.yaml());
    }
}
