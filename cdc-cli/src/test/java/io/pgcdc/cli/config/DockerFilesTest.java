package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.sinks.kafka.delivery.DeliverySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** What lies in docker/ fits together; the containers themselves need Docker. */
class DockerFilesTest {

    private static final Path DOCKER = Path.of("..", "docker").toAbsolutePath().normalize();

    private static JsonNode services() throws IOException {
        return new YAMLMapper()
                .readTree(DOCKER.resolve("compose.yaml").toFile())
                .get("services");
    }

    @Test
    void theConfigurationIsValidAndNamesTheServices() throws IOException {
        Map<String, SinkProvider> providers = new HashMap<>();
        ServiceLoader.load(SinkProvider.class).forEach(p -> providers.put(p.type(), p));
        JsonNode services = services();
        String password = services.at("/cdc/environment/PGPASSWORD").asText();
        Environment environment =
                new Environment(Map.of("PGPASSWORD", password), "cdc", Path.of("/nowhere"), Path.of("/"));
        LoadedConfig loaded = ConfigLoader.load(
                        DOCKER.resolve("cdc.yaml"),
                        new Flags(
                                null, null, List.of(), null, List.of(), null, null, null, List.of(), null, null, null),
                        environment,
                        providers)
                .one();
        SinkConfig sink = loaded.pipeline().sinks().get(0);
        assertTrue(services.has("postgres") && services.has("kafka"));
        assertTrue(loaded.pipeline().source().address().describe().contains("postgres:5432"));
        assertEquals("kafka", sink.type());
        assertEquals(
                "kafka:19092",
                sink.settings().get(DeliverySettings.PROPERTIES).asMap().get("bootstrap.servers"));
        assertTrue(services.at("/kafka/environment/KAFKA_ADVERTISED_LISTENERS")
                .asText()
                .contains("//kafka:19092"));
        assertEquals(
                password, services.at("/postgres/environment/POSTGRES_PASSWORD").asText());
        // the queue must outlive the container
        assertTrue(loaded.pipeline().queue().dir().startsWith("/var/lib/cdc"));
    }

    @Test
    void whatIsMountedIsThere() throws IOException {
        for (JsonNode service : services()) {
            for (JsonNode volume : service.path("volumes")) {
                String from = volume.asText().split(":")[0];
                assertTrue(from.equals("queue") || Files.isRegularFile(DOCKER.resolve(from)), from);
            }
        }
    }
}
