package io.pgcdc.connect.config;

import static io.pgcdc.connect.config.Answers.errors;
import static io.pgcdc.connect.config.Answers.good;
import static io.pgcdc.connect.config.Answers.properties;
import static io.pgcdc.connect.config.Answers.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.runtime.AbstractHerder;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.apache.kafka.connect.runtime.rest.entities.ConfigInfos;
import org.junit.jupiter.api.Test;

class ValidationTest {

    @Test
    void everyProblemStandsAtItsProperty() {
        Map<String, List<String>> errors = errors(good(
                "source.url", "mysql://localhost/shop",
                "source.slot", "Shop-CDC",
                "source.status_interval_ms", "5",
                "source.failover_slot", "true",
                "source.publication_tables", "public.users",
                "snapshot.mode", "sometimes",
                "snapshot.parallel", "many",
                "format", "xml",
                "topic", "${database}.x",
                "skip", "insert,insert",
                "tables", "Public.Users",
                "publications", "other_pub",
                "mask", "public.users.email=hash",
                "decimal_handling_mode", "string",
                "values", "text",
                "memory_bytes", "1",
                "heartbeat_topic", "a b",
                "soruce.reconnect", "true",
                "value.convertre", "x",
                "sources.orders.slot", "x",
                "sources", "orders"));
        assertEquals(
                Map.ofEntries(
                        Map.entry(
                                "source.url",
                                List.of("CDC-008 source.url: scheme \"mysql\" is not PostgreSQL's; write"
                                        + " postgresql://user@host:5432/database")),
                        Map.entry(
                                "source.status_interval_ms",
                                List.of("CDC-002 source.status_interval_ms is 5; write 100 to 600000")),
                        Map.entry(
                                "source.failover_slot",
                                List.of(
                                        "CDC-006 source.failover_slot has no effect without create_slot; remove it, or add"
                                                + " source.create_slot=true")),
                        Map.entry(
                                "source.publication_tables",
                                List.of(
                                        "CDC-006 source.publication_tables has no effect without create_publication; remove it, or"
                                                + " add source.create_publication=true")),
                        Map.entry(
                                "snapshot.mode",
                                List.of("CDC-002 snapshot.mode is \"sometimes\"; write one of never, initial, only")),
                        Map.entry(
                                "snapshot.parallel",
                                List.of("CDC-002 snapshot.parallel is \"many\"; write a whole number, 1 to 64")),
                        Map.entry(
                                "format",
                                List.of(
                                        "CDC-002 format is \"xml\"; write one of native, debezium, cloudevents, avro, outbox")),
                        Map.entry(
                                "topic",
                                List.of(
                                        "CDC-002 topic is \"${database}.x\"; write a topic's name, which may contain ${prefix},"
                                                + " ${schema} and ${table}")),
                        Map.entry(
                                "skip",
                                List.of(
                                        "CDC-002 skip is \"insert, insert\"; write each element once; insert is given twice")),
                        Map.entry(
                                "tables",
                                List.of(
                                        "CDC-002 tables is \"Public.Users\"; write schema.table or schema.*; a name with other than"
                                                + " a-z 0-9 _ $ in double quotes")),
                        Map.entry(
                                "publications",
                                List.of(
                                        "CDC-006 connector \"shop\": publication \"other_pub\" is not one of source.publications; known"
                                                + " names are shop_pub")),
                        Map.entry(
                                "mask",
                                List.of("CDC-003 connector \"shop\" uses the mask hash without mask_salt; write"
                                        + " mask_salt=${env:MASK_SALT}, at least 16 characters")),
                        Map.entry(
                                "decimal_handling_mode",
                                List.of("CDC-006 decimal_handling_mode has no effect with format=native; remove it")),
                        Map.entry("values", List.of("CDC-002 values is \"text\"; write one of struct, bytes")),
                        Map.entry("memory_bytes", List.of("CDC-002 memory_bytes is 1; write 1048576 to 1099511627776")),
                        Map.entry(
                                "heartbeat_topic",
                                List.of(
                                        "CDC-002 heartbeat_topic is \"a b\"; write 1 to 249 of a-z, A-Z, 0-9, ., _, -")),
                        Map.entry(
                                "soruce.reconnect",
                                List.of(
                                        "CDC-001 unknown property \"soruce.reconnect\"; did you mean \"source.reconnect\"?")),
                        Map.entry(
                                "value.convertre",
                                List.of(
                                        "CDC-001 unknown property \"value.convertre\"; did you mean \"value.converter\"?"))),
                errors);
    }

    @Test
    void aConnectorWithoutPropertiesMissesWhatItNeeds() {
        assertEquals(
                List.of("source.url", "source.slot", "source.publications", "prefix"),
                List.copyOf(errors(properties("name", "shop")).keySet()));
    }

    @Test
    void severalSourcesAreCheckedAgainstEachOther() {
        Map<String, String> properties = good(
                "tasks.max", "1",
                "sources", "orders,users,bills",
                "sources.orders.slot", "one",
                "sources.users.slot", "one",
                "sources.bills.slto", "three",
                "sources.bill.slot", "three",
                "sources.bills.sources", "x",
                "publications", "nowhere");
        properties.remove("source.slot");
        assertEquals(
                Map.of(
                        "tasks.max",
                        List.of("CDC-006 3 sources need 3 tasks; set tasks.max=3"),
                        "sources.bills.slto",
                        List.of(
                                "CDC-001 unknown property \"sources.bills.slto\"; did you mean \"sources.bills.slot\"?"),
                        "sources.bills.slot",
                        List.of("CDC-003 sources.bills.slot is missing; write it"),
                        "sources.bill.slot",
                        List.of("CDC-001 there is no source \"bill\" in sources; did you mean \"bills\"?"),
                        "sources.bills.sources",
                        List.of(
                                "CDC-001 unknown property \"sources.bills.sources\"; remove it, or write one of those that"
                                        + " GET /connector-plugins/PostgresSourceConnector/config lists"),
                        "publications",
                        List.of(
                                "CDC-006 connector \"shop\": publication \"nowhere\" is not one of source.publications; known"
                                        + " names are shop_pub")),
                errors(properties));
    }

    @Test
    void sourcesDoNotShareASlot() {
        Map<String, String> properties = good(
                "tasks.max", "3",
                "sources", "a,b,c",
                "sources.b.url", "postgresql://other@localhost:1/another",
                "sources.c.url", "postgresql://cdc@elsewhere:1/shop");
        assertEquals(
                Map.of(
                        "sources.b.slot",
                        List.of("CDC-006 sources a and b have the same slot shop_cdc on the same server;"
                                + " write another slot as sources.b.slot")),
                errors(properties));
    }

    @Test
    void aSourceIsNamedInSources() {
        assertEquals(
                List.of("CDC-001 there is no source \"orders\" in sources; write sources=orders"),
                errors(good("sources.orders.slot", "x")).get("sources.orders.slot"));
        assertEquals(
                List.of("CDC-002 sources is \"a, A\"; write names of 1 to 63 of a-z, 0-9, _, -"),
                errors(good("sources", "a,A", "sources.a.slot", "x")).get("sources"));
        assertEquals(
                List.of("CDC-002 sources is \"a, a\"; write each element once; a is given twice"),
                errors(good("sources", "a,a")).get("sources"));
    }

    @Test
    void passwordsExcludeEachOther() {
        assertEquals(
                List.of("CDC-006 source.password and the password in source.url exclude each other; remove one"),
                errors(good("source.url", "postgresql://cdc:a@localhost/shop", "source.password", "b"))
                        .get("source.password"));
        assertEquals(
                List.of("CDC-006 source.password has no effect with source.password_command; remove one"),
                errors(good("source.password_command", "cat,/x", "source.password", "b"))
                        .get("source.password"));
        assertEquals(
                List.of(
                        "CDC-006 source.url names a passfile, which the connector does not read; write the password into"
                                + " source.password, for example ${file:/path:key}"),
                errors(good("source.url", "postgresql://cdc@localhost/shop?passfile=x"))
                        .get("source.url"));
    }

    @Test
    void aNameThatIsNoTopicNeedsATopicForHeartbeats() {
        assertEquals(
                List.of(
                        "CDC-003 heartbeat_topic is missing, and the connector's name cannot be a part of a topic's name (1 to"
                                + " 249 of a-z, A-Z, 0-9, ., _, -); write it"),
                errors(good("name", "the shop")).get("heartbeat_topic"));
    }

    @Test
    void noAnswerShowsASecret() {
        Map<String, String> bad = good(
                "source.url", "postgresql://cdc:hush@localhost/shop",
                "source.password", "hush",
                "mask_salt", "hush",
                "schema_registry", "url=http://localhost,password=hush",
                "source.passwrod", "hush",
                "sources", "a",
                "sources.a.url", "hush",
                "sources.a.password", "hush");
        Validation.of(bad).configValues().forEach(value -> {
            assertFalse(String.valueOf(value.value()).contains("hush"), value::name);
            assertFalse(value.errorMessages().toString().contains("hush"), value.errorMessages()::toString);
        });
        assertTrue(value(bad, "source.url").value() instanceof Password);
        assertEquals(
                "postgresql://cdc@localhost:1/shop",
                value(good("source.slot", "X"), "source.url").value());
    }

    @Test
    void theWorkerCanShowTheAnswer() {
        Map<String, String> bad = good(
                "source.publications", "a,b",
                "source.slot", "Shop",
                "source.password", "hush",
                "mask_salt", "hush",
                "tables", "",
                "no.such", "hush",
                "sources.x", "hush",
                "snapshot.parallel", "many");
        ConfigDef def = Definition.configDef();
        ConfigInfos shown = AbstractHerder.generateResult(
                "x", def.configKeys(), Validation.of(bad).configValues(), def.groups());
        assertEquals(6, shown.errorCount(), errors(bad)::toString);
        assertFalse(shown.toString().contains("hush"));
        assertTrue(shown.toString().contains("[hidden]"));
        assertTrue(shown.toString().contains("a,b"));
    }

    @Test
    void choicesAreRecommended() {
        assertEquals(
                List.of("never", "initial", "only"),
                value(good("source.slot", "X"), "snapshot.mode").recommendedValues());
        assertEquals(
                List.of(true, false),
                value(good("source.slot", "X"), "tombstones").recommendedValues());
    }

    @Test
    void whatEveryConnectorMayHaveIsNoProblem() {
        Map<String, String> properties = good("source.slot", "X");
        for (String name : SourceConnectorConfig.configDef().names()) {
            properties.putIfAbsent(name, "x");
        }
        properties.putAll(properties(
                "key.converter.schemas.enable", "false",
                "transforms.a.type", "x",
                "topic.creation.default.partitions", "3",
                "producer.override.linger.ms", "5",
                "tasks.max", "1"));
        assertEquals(List.of("source.slot"), List.copyOf(errors(properties).keySet()));
    }
}
