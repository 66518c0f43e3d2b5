package io.pgcdc.connect.config;

import static io.pgcdc.connect.config.Answers.good;
import static io.pgcdc.connect.config.Answers.properties;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.connect.record.RecordSettings;
import io.pgcdc.connect.record.ValueChoice;
import io.pgcdc.error.ConfigException;
import io.pgcdc.model.TablePattern;
import io.pgcdc.sinks.kafka.format.FormatChoice;
import io.pgcdc.sinks.kafka.format.FormatSettings;
import io.pgcdc.snapshot.SnapshotMode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectorConfigTest {

    private static SourceSpec only(Map<String, String> properties) {
        List<SourceSpec> sources = ConnectorConfig.parse(properties).sources();
        assertEquals(1, sources.size());
        return sources.get(0);
    }

    @Test
    void settingsThatAreMissingHaveTheirDefaults() {
        SourceSpec source = only(good());
        assertEquals("shop_cdc", source.name());
        assertEquals("localhost:1/shop as cdc", source.source().address().describe());
        assertEquals("10", Integer.toString((int) source.source().connectTimeoutMs() / 1_000));
        assertEquals(List.of("shop_pub"), source.source().publications());
        assertEquals(SnapshotMode.NEVER, source.snapshot().mode());
        assertEquals(FormatChoice.NATIVE, source.records().get(FormatSettings.FORMAT));
        assertEquals(33_554_432, source.maxRowBytes());
        assertEquals(67_108_864, source.memoryBytes());
        assertEquals(268_435_456, source.splitBytes());
        assertEquals("__pgcdc-heartbeat.shop", source.heartbeatTopic());
        assertEquals(10_000, source.heartbeatMs());
        assertEquals(ValueChoice.STRUCT, source.records().get(RecordSettings.VALUES));
    }

    @Test
    void propertiesOfEachKindAreRead() {
        SourceSpec source = only(good(
                "source.publications", "a, \"b,c\"",
                "source.create_slot", "true",
                "source.table_aliases", "public.o_[0-9]+=public.o",
                "snapshot.mode", "initial",
                "snapshot.parallel", "3",
                "tables", "public.*",
                "mask", "public.users.email=hash",
                "mask_salt", "0123456789abcdef",
                "skip", "",
                "values", "bytes",
                "memory_bytes", "2000000",
                "heartbeat_topic", "beats"));
        assertEquals(List.of("a", "\"b,c\""), source.source().publications());
        assertTrue(source.source().createSlot());
        assertEquals(
                List.of("public.o_[0-9]+=public.o"),
                List.of(source.source()
                        .aliases()
                        .shown()
                        .entrySet()
                        .iterator()
                        .next()
                        .toString()));
        assertEquals(SnapshotMode.INITIAL, source.snapshot().mode());
        assertEquals(3, source.snapshot().parallel());
        assertEquals(List.of(TablePattern.parse("public.*")), source.route().tables());
        assertEquals(1, source.route().masks().size());
        assertEquals(ValueChoice.BYTES, source.records().get(RecordSettings.VALUES));
        assertEquals(2_000_000, source.memoryBytes());
        assertEquals("beats", source.heartbeatTopic());
    }

    @Test
    void aMappingIsOnePropertyOrOneForEachName() {
        Map<String, String> names = good(
                "source.table_aliases.public.a_[0-9]{1,2}", "public.a",
                "source.table_aliases.public.b_[0-9]+", "public.b");
        assertEquals(
                Map.of("public.a_[0-9]{1,2}", "public.a", "public.b_[0-9]+", "public.b"),
                only(names).source().aliases().shown());
        names.put("source.table_aliases", "public.c=public.d");
        assertEquals(
                List.of(
                        "CDC-006 source.table_aliases.public.a_[0-9]{1,2} and source.table_aliases exclude each other; remove one"),
                Answers.errors(names).get("source.table_aliases.public.a_[0-9]{1,2}"));
    }

    @Test
    void aPasswordMayStandAlone() {
        assertEquals(
                " s3cret",
                only(good("source.password", " s3cret")).source().address().currentPassword());
        assertEquals(
                "two",
                only(good("source.url", "postgresql://cdc:two@localhost/shop"))
                        .source()
                        .address()
                        .currentPassword());
    }

    @Test
    void aSourceTakesFromAllWhatItDoesNotSay() {
        ConnectorConfig config = ConnectorConfig.parse(good(
                "sources", "orders,users",
                "tasks.max", "2",
                "sources.orders.slot", "orders_cdc",
                "sources.orders.snapshot.mode", "initial",
                "sources.users.slot", "users_cdc",
                "sources.users.url", "postgresql://cdc@other:1/users",
                "sources.users.prefix", "people",
                "sources.users.memory_bytes", "3000000"));
        SourceSpec orders = config.sources().get(0);
        SourceSpec users = config.sources().get(1);
        assertEquals("orders", orders.name());
        assertEquals("orders_cdc", orders.source().slot());
        assertEquals("localhost:1/shop as cdc", orders.source().address().describe());
        assertEquals(SnapshotMode.INITIAL, orders.snapshot().mode());
        assertEquals("shop", orders.records().get(FormatSettings.PREFIX));
        assertEquals("users", users.name());
        assertEquals("other:1/users as cdc", users.source().address().describe());
        assertEquals(SnapshotMode.NEVER, users.snapshot().mode());
        assertEquals("people", users.records().get(FormatSettings.PREFIX));
        assertEquals(3_000_000, users.memoryBytes());
        assertEquals(67_108_864, orders.memoryBytes());
    }

    @Test
    void eachSourceHasATask() {
        Map<String, String> properties = good(
                "sources", "orders,users",
                "tasks.max", "2",
                "sources.orders.slot", "orders_cdc",
                "sources.users.slot", "users_cdc");
        List<Map<String, String>> tasks = ConnectorConfig.parse(properties).taskConfigs(5);
        assertEquals(2, tasks.size());
        for (int i = 0; i < 2; i++) {
            SourceSpec source = ConnectorConfig.ofTask(tasks.get(i));
            assertEquals(List.of("orders", "users").get(i), source.name());
            assertEquals(source.name() + "_cdc", source.source().slot());
        }
        ConfigException refused = assertThrows(
                ConfigException.class, () -> ConnectorConfig.parse(properties).taskConfigs(1));
        assertTrue(refused.getMessage().contains("2 sources need 2 tasks; set tasks.max=2"), refused.getMessage());
    }

    @Test
    void aTaskOfTheOnlySourceFindsIt() {
        List<Map<String, String>> tasks = ConnectorConfig.parse(good()).taskConfigs(1);
        assertEquals(1, tasks.size());
        tasks.get(0).put("task.class", "io.pgcdc.connect.PostgresSourceTask"); // the worker adds it
        assertEquals("shop_cdc", ConnectorConfig.ofTask(tasks.get(0)).name());
    }

    @Test
    void anExceptionNamesAllProblems() {
        ConfigException refused = assertThrows(
                ConfigException.class,
                () -> ConnectorConfig.parse(properties("name", "shop", "source.slot", "Shop", "tabels", "public.*")));
        assertEquals("""
                5 problems in the configuration:
                  tabels: CDC-001 unknown property "tabels"; did you mean "tables"?
                  source.url: CDC-003 source.url is missing; write it
                  source.slot: CDC-002 source.slot is "Shop"; write 1 to 63 of a-z, 0-9, _
                  source.publications: CDC-003 source.publications is missing; write it
                  prefix: CDC-006 prefix is missing, but names of topics contain ${prefix}; write it""", refused.getMessage());
    }

    @Test
    void aNullIsNoValue() {
        Map<String, String> properties = good();
        properties.put("snapshot.mode", null);
        assertEquals(SnapshotMode.NEVER, only(properties).snapshot().mode());
    }
}
