package io.pgcdc.connect.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class DefinitionTest {

    private static final ConfigDef DEF = Definition.configDef();

    private static final Pattern OF_A_FILE = Pattern.compile(
            "`PGPASSWORD`|--|\\.md|\\b[Ss]inks?\\b(?<!Kafka sink)|`[a-z_]+: |: \\[|\\[[a-z]|cdc\\.yaml|launcher");

    @Test
    void everyPropertyIsDescribed() {
        Set<String> groups = Set.of("Source", "Snapshot", "Records", "Routing", "Connector", "Debezium's names");
        assertEquals(groups, Set.copyOf(DEF.groups()));
        DEF.configKeys().values().forEach(key -> {
            assertTrue(key.documentation.length() > 10, key.name);
            assertFalse(key.displayName.isBlank(), key.name);
            assertTrue(groups.contains(key.group), key.name);
            assertTrue(key.orderInGroup >= 0, key.name);
        });
        assertTrue(DEF.names()
                .containsAll(Properties.all().stream().map(Property::name).collect(Collectors.toSet())));
    }

    @Test
    void noDescriptionSpeaksOfAFileOrOfTheCommand() {
        DEF.configKeys().values().forEach(key -> {
            String doc = key.documentation;
            assertFalse(OF_A_FILE.matcher(doc).find(), key.name + ": " + doc);
        });
    }

    @Test
    void typesAreThoseOfTheSettings() {
        assertEquals(ConfigDef.Type.STRING, type("source.url"));
        assertEquals(ConfigDef.Type.PASSWORD, type("source.password"));
        assertEquals(ConfigDef.Type.PASSWORD, type("database.password"));
        assertEquals(ConfigDef.Type.PASSWORD, type("mask_salt"));
        assertEquals(ConfigDef.Type.LIST, type("source.publications"));
        assertEquals(ConfigDef.Type.LONG, type("memory_bytes"));
        assertEquals(ConfigDef.Type.BOOLEAN, type("source.create_slot"));
        assertEquals(67_108_864L, DEF.configKeys().get("memory_bytes").defaultValue);
        assertEquals("never", DEF.configKeys().get("snapshot.mode").defaultValue);
        assertEquals(List.of("source.failover_slot"), DEF.configKeys().get("source.create_slot").dependents);
    }

    private static ConfigDef.Type type(String name) {
        return DEF.configKeys().get(name).type;
    }

    @Test
    void theDefinitionAloneFindsBadValues() {
        Map<String, String> errors = DEF
                .validate(Map.of(
                        "source.url", "mysql://localhost",
                        "source.slot", "Shop",
                        "tables", "public.users,Public.Orders",
                        "memory_bytes", "1"))
                .stream()
                .filter(value -> !value.errorMessages().isEmpty())
                .collect(Collectors.toMap(
                        value -> value.name(), value -> value.errorMessages().get(0)));
        assertEquals(Set.of("source.url", "source.slot", "tables", "memory_bytes"), errors.keySet());
        assertEquals("CDC-002 source.slot is \"Shop\"; write 1 to 63 of a-z, 0-9, _", errors.get("source.slot"));
    }
}
