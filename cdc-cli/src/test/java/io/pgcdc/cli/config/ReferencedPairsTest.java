package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.cli.SinkProviders;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.setting.KeyValues;
import io.pgcdc.sinks.kafka.delivery.DeliverySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink's properties with a secret in a file. */
class ReferencedPairsTest {

    @TempDir
    Path directory;

    private KeyValues properties(String more) {
        ConfigFixture fixture = new ConfigFixture(directory);
        fixture.write("cdc.yaml", """
                source: {url: "postgresql://cdc@h/shop", slot: s, publications: all}
                queue: {dir: q}
                sinks: [{name: bus, type: kafka, prefix: x, properties: {bootstrap.servers: "h:1", %s}}]
                """.formatted(more));
        return ConfigLoader.load(
                        Path.of("cdc.yaml"),
                        Flags.NONE,
                        fixture.environment(),
                        SinkProviders.own().byType())
                .one()
                .pipeline()
                .sinks()
                .get(0)
                .settings()
                .get(DeliverySettings.PROPERTIES);
    }

    @Test
    void theFileIsReadAgain() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "a=b");
        KeyValues properties = properties("ssl.key.password: \"${file:secret}\"");
        assertEquals("a=b", properties.asMap().get("ssl.key.password"));
        assertTrue(properties.mayChange());
        Files.writeString(secret, "new");
        assertEquals("new", properties.current().get("ssl.key.password"));
        assertEquals("h:1", properties.current().get("bootstrap.servers"));
        assertEquals("a=b", properties.asMap().get("ssl.key.password"));

        Files.delete(secret);
        SinkException error = assertThrows(SinkException.class, properties::current);
        assertEquals(ErrorCode.PASSWORD_UNAVAILABLE, error.code());
        assertTrue(
                String.valueOf(error.getMessage()).startsWith("sinks[0].properties cannot be read again: cdc.yaml:3:"),
                error.getMessage());
    }

    @Test
    void otherPairsStay() {
        KeyValues properties = properties("ssl.key.password: x");
        assertFalse(properties.mayChange());
        assertEquals(properties.asMap(), properties.current());
    }
}
