package io.pgcdc.connect.config;

import static io.pgcdc.connect.config.Answers.debezium;
import static io.pgcdc.connect.config.Answers.errors;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.debezium.connector.postgresql.PostgresConnector;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.sinks.debezium.option.DebeziumNames;
import io.pgcdc.sinks.kafka.format.FormatChoice;
import io.pgcdc.sinks.kafka.format.FormatSettings;
import io.pgcdc.sinks.kafka.format.Formats;
import io.pgcdc.snapshot.SnapshotMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DebeziumNamesTest {

    private static SourceSpec read(String... more) {
        return ConnectorConfig.parse(debezium(more)).sources().get(0);
    }

    private static List<TablePattern> patterns(String... tables) {
        List<TablePattern> patterns = new ArrayList<>();
        for (String table : tables) {
            patterns.add(TablePattern.parse(table));
        }
        return patterns;
    }

    @Test
    void everyPropertyOfDebeziumHasAnAnswer() {
        ConfigDef theirs = new PostgresConnector().config();
        assertTrue(theirs.names().size() > 100);
        theirs.names().forEach(name -> assertNotNull(DebeziumNames.answer(name), name));
    }

    @Test
    void everyAnswerNamesAPropertyOfOurs() {
        DebeziumNames.all().forEach((name, answer) -> {
            if (answer.property() != null) {
                assertNotNull(Properties.find(answer.property()), name);
            }
        });
    }

    @Test
    void defaultsAreDebeziums() {
        SourceSpec source = read();
        assertEquals("localhost:1/shop as cdc", source.source().address().describe());
        assertEquals("it's \\ secret", source.source().address().currentPassword());
        assertEquals("debezium", source.source().slot());
        assertEquals(List.of("dbz_publication"), source.source().publications());
        assertTrue(source.source().createSlot());
        assertTrue(source.source().createPublication());
        assertEquals(SnapshotMode.INITIAL, source.snapshot().mode());
        assertEquals(FormatChoice.DEBEZIUM, source.records().get(FormatSettings.FORMAT));
        assertEquals("shop", source.records().get(FormatSettings.PREFIX));
        assertEquals("__pgcdc-heartbeat.shop", source.heartbeatTopic());
    }

    @Test
    void namesThatMeanTheSameAreRead() {
        SourceSpec source = read(
                "database.sslmode", "require",
                "database.tcpKeepAlive", "false",
                "slot.name", "mine",
                "slot.failover", "true",
                "publication.name", "my_pub",
                "publication.autocreate.mode", "filtered",
                "table.include.list", "public.users,shop\\.(orders|bills)",
                "column.exclude.list", "public.users.email",
                "column.truncate.to.5.chars", "public.users.name",
                "message.key.columns", "public.users:id,zip;shop.orders:code",
                "snapshot.mode", "initial_only",
                "snapshot.max.threads", "4",
                "tombstones.on.delete", "false",
                "heartbeat.interval.ms", "3000",
                "heartbeat.topics.prefix", "beats",
                "decimal.handling.mode", "string",
                "time.precision.mode", "connect",
                "binary.handling.mode", "base64-url-safe",
                "interval.handling.mode", "string",
                "hstore.handling.mode", "map",
                "provide.transaction.metadata", "true",
                "max.queue.size.in.bytes", "5000000",
                "status.update.interval.ms", "4000",
                "plugin.name", "pgoutput",
                "slot.drop.on.stop", "false");
        assertTrue(source.source().address().uri().contains("sslmode=require"));
        assertTrue(source.source().address().uri().contains("keepalives=0"));
        assertEquals("mine", source.source().slot());
        assertTrue(source.source().failoverSlot());
        assertEquals(List.of("my_pub"), source.source().publications());
        assertEquals(
                List.of(
                        new TableName("public", "users"),
                        new TableName("shop", "orders"),
                        new TableName("shop", "bills")),
                source.source().publicationTables());
        assertEquals(
                patterns("public.users", "shop.orders", "shop.bills"),
                source.route().tables());
        assertEquals(
                List.of(ColumnName.parse("public.users.email")), source.route().excludeColumns());
        assertEquals(
                "public.users.name=truncate:5", source.route().masks().get(0).toString());
        assertEquals(SnapshotMode.ONLY, source.snapshot().mode());
        assertEquals(4, source.snapshot().parallel());
        assertEquals(3_000, source.heartbeatMs());
        assertEquals("beats.shop", source.heartbeatTopic());
        assertEquals(5_000_000, source.memoryBytes());
        assertEquals(4_000, source.source().statusIntervalMs());
        Map<String, String> values = Map.of(
                "tombstones", "false",
                "decimal_handling_mode", "STRING",
                "time_precision_mode", "CONNECT",
                "binary_handling_mode", "BASE64_URL_SAFE",
                "interval_handling_mode", "STRING",
                "hstore_handling_mode", "MAP",
                "transaction_topic", "shop.transaction",
                "key_columns", "[public.users.id, public.users.zip, shop.orders.code]");
        values.forEach((name, value) -> assertEquals(
                value,
                String.valueOf(source.records().find(Properties.find(name).setting())),
                name));
    }

    @ParameterizedTest
    @CsvSource({
        "initial, INITIAL",
        "initial_only, ONLY",
        "only, ONLY",
        "no_data, NEVER",
        "never, NEVER",
        "schema_only, NEVER"
    })
    void snapshotModesOfBothAreRead(String text, SnapshotMode mode) {
        assertEquals(mode, read("snapshot.mode", text).snapshot().mode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"always", "when_needed", "configuration_based", "custom"})
    void otherSnapshotModesAreRefused(String text) {
        assertEquals(
                Map.of(
                        "snapshot.mode",
                        List.of("CDC-002 snapshot.mode is \"" + text
                                + "\"; write initial (rows, then changes), only (rows) or never (changes)")),
                errors(debezium("snapshot.mode", text)));
    }

    @Test
    void ourNameOfASnapshotIsNotDebeziums() {
        SourceSpec source = ConnectorConfig.parse(Answers.good("snapshot.mode", "initial"))
                .sources()
                .get(0);
        assertEquals(FormatChoice.NATIVE, source.records().get(FormatSettings.FORMAT));
        assertFalse(source.source().createSlot());
    }

    @Test
    void skippedOperationsAreKindsOfChanges() {
        assertEquals("[INSERT, DELETE]", skipped("c,d"));
        assertEquals("[]", skipped("none"));
        assertEquals(
                List.of(
                        "CDC-002 skipped.operations is \"c,x\"; write c, u, d and t, with commas between them, or none"),
                errors(debezium("skipped.operations", "c,x")).get("skipped.operations"));
    }

    private static String skipped(String operations) {
        return String.valueOf(read("skipped.operations", operations)
                .records()
                .find(Properties.find("skip").setting()));
    }

    @Test
    void aListOfSchemasIsOneOfTheirTables() {
        assertEquals(
                patterns("shop.*", "web.*"),
                read("schema.include.list", "shop,web").route().tables());
        assertEquals(
                patterns("old.*", "shop.logs"),
                read("schema.exclude.list", "old", "table.exclude.list", "shop.logs")
                        .route()
                        .excludeTables());
        assertEquals(
                patterns("shop.a"),
                read("schema.include.list", "shop", "table.include.list", "shop.a")
                        .route()
                        .tables());
        assertEquals(
                List.of(
                        "CDC-002 schema.include.list is \"shop\"; it leaves out web.a, which is in table.include.list; remove"
                                + " one of the two"),
                errors(debezium("schema.include.list", "shop", "table.include.list", "shop.a,web.a"))
                        .get("schema.include.list"));
    }

    @Test
    void whatHasNoEqualIsToldAtItsProperty() {
        Map<String, List<String>> errors = errors(debezium(
                "database.sslmode", "maybe",
                "database.sslkey", "key.txt",
                "database.foo", "1",
                "database.hostnam", "x",
                "plugin.name", "decoderbufs",
                "slot.drop.on.stop", "true",
                "publication.autocreate.mode", "no_tables",
                "table.include.list", "public.ord.*s",
                "column.exclude.list", ".*\\.email",
                "column.mask.with.3.chars", "public.users.name",
                "snapshot.select.statement.overrides", "public.users",
                "converters", "geo",
                "geo.type", "com.example.Geo",
                "geo.x", "1",
                "signal.kafka.topic", "x",
                "schema.name.adjustment.mode", "avro",
                "decimal.handling.mode", "exact",
                "heartbeat.action.query", "INSERT"));
        String onlyNames = "only names and schema.* are read here, no other regular expressions; write ";
        assertEquals(
                Map.ofEntries(
                        Map.entry(
                                "database.sslmode",
                                List.of(
                                        "CDC-008 database.sslmode: sslmode is \"maybe\"; write one of allow, disable, prefer, require,"
                                                + " verify-ca, verify-full")),
                        Map.entry(
                                "database.sslkey",
                                List.of(
                                        "CDC-008 database.sslkey: sslkey is \"key.txt\"; write a path that ends in .pem (RSA, PKCS-8),"
                                                + " .p12, .pfx, .pk8 or .der")),
                        Map.entry(
                                "database.foo",
                                List.of(
                                        "CDC-001 database.foo has no equal in this connector; write libpq's parameter for it into"
                                                + " source.url, or remove it")),
                        Map.entry(
                                "database.hostnam",
                                List.of(
                                        "CDC-001 database.hostnam has no equal in this connector; did you mean \"database.hostname\"?")),
                        Map.entry(
                                "plugin.name",
                                List.of(
                                        "CDC-002 plugin.name is \"decoderbufs\", and here always pgoutput; pgcdc reads pgoutput; create"
                                                + " another slot, with that plugin")),
                        Map.entry(
                                "slot.drop.on.stop",
                                List.of(
                                        "CDC-002 slot.drop.on.stop is \"true\", and here always false; pgcdc never drops a slot; use"
                                                + " SELECT pg_drop_replication_slot('...')")),
                        Map.entry(
                                "publication.autocreate.mode",
                                List.of(
                                        "CDC-002 publication.autocreate.mode is \"no_tables\"; write all_tables, filtered or disabled;"
                                                + " create other publications yourself")),
                        Map.entry(
                                "table.include.list",
                                List.of("CDC-002 table.include.list is \"public.ord.*s\"; " + onlyNames
                                        + "tables=schema.table for each")),
                        Map.entry(
                                "column.exclude.list",
                                List.of("CDC-002 column.exclude.list is \".*\\.email\"; " + onlyNames
                                        + "exclude_columns=schema.table.column for each")),
                        Map.entry(
                                "column.mask.with.3.chars",
                                List.of("CDC-001 column.mask.with.3.chars has no equal in this connector; write"
                                        + " mask=schema.table.column=fixed:****; a null stays null")),
                        Map.entry(
                                "snapshot.select.statement.overrides",
                                List.of(
                                        "CDC-001 snapshot.select.statement.overrides has no equal in this connector; a snapshot has the"
                                                + " rows that the publications have; give their tables a row filter, WHERE (...)")),
                        Map.entry(
                                "converters",
                                List.of(
                                        "CDC-001 converters has no equal in this connector; use a transform of Kafka Connect, or remove"
                                                + " it")),
                        Map.entry(
                                "signal.kafka.topic",
                                List.of(
                                        "CDC-001 signal.kafka.topic has no equal in this connector; a logical message orders a snapshot;"
                                                + " remove it")),
                        Map.entry(
                                "schema.name.adjustment.mode",
                                List.of(
                                        "CDC-002 schema.name.adjustment.mode is \"avro\", and here always none; names of schemas are"
                                                + " PostgreSQL's; remove it")),
                        Map.entry(
                                "decimal.handling.mode",
                                List.of(
                                        "CDC-002 decimal.handling.mode is \"exact\"; write one of precise, double, string")),
                        Map.entry(
                                "heartbeat.action.query",
                                List.of(
                                        "CDC-001 heartbeat.action.query has no equal in this connector; remove it: pgcdc writes a logical"
                                                + " message while published tables do not change (source.heartbeat_interval_ms)"))),
                errors);
    }

    @Test
    void whatIsMissingHasDebeziumsName() {
        assertEquals(
                Map.of(
                        "database.hostname", List.of("CDC-003 database.hostname is missing; write it"),
                        "database.dbname", List.of("CDC-003 database.dbname is missing; write it"),
                        "topic.prefix",
                                List.of("CDC-006 topic.prefix is missing, but each record contains it; write it")),
                errors(Answers.properties("name", "shop", "database.user", "cdc")));
    }

    @Test
    void bothNamesOfOneThingAreOneTooMany() {
        assertEquals(
                Map.of(
                        "slot.name", List.of("CDC-006 slot.name and source.slot say the same; remove one"),
                        "topic.prefix", List.of("CDC-006 topic.prefix and prefix say the same; remove one")),
                errors(debezium("slot.name", "a", "source.slot", "b", "prefix", "x")));
    }

    @Test
    void aNameWithoutEffectIsANotice() {
        assertEquals(
                List.of("max.batch.size has no effect: memory_bytes limits what waits"),
                ConnectorConfig.parse(debezium("max.batch.size", "100")).notices());
    }

    @Test
    void ourNamesAndDebeziumsGoTogether() {
        SourceSpec source =
                read("source.create_publication", "false", "format", "native", "sources", "a", "tasks.max", "1");
        assertFalse(source.source().createPublication());
        assertEquals("a", source.name());
        assertEquals(FormatChoice.NATIVE, source.records().get(FormatSettings.FORMAT));
        assertTrue(Formats.haveKeys(source.records()));
    }
}
