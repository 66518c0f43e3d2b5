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

    private static final Path SHOP = DOCKER.resolve("shop");

    private static JsonNode services() throws IOException {
        return services(DOCKER.resolve("compose.yaml"));
    }

    private static JsonNode services(Path file) throws IOException {
        return new YAMLMapper().readTree(file.toFile()).get("services");
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
        for (Path file : List.of(DOCKER.resolve("compose.yaml"), SHOP.resolve("compose.yaml"))) {
            for (JsonNode service : services(file)) {
                for (JsonNode volume : service.path("volumes")) {
                    String from = volume.asText().split(":")[0];
                    assertTrue(from.matches("queues?") || Files.exists(file.resolveSibling(from)), from);
                }
            }
        }
    }

    /** The variables and the database that the shop's file names are the ones that its containers have. */
    @Test
    void theShopsConfigurationsFitItsContainers() throws IOException {
        Map<String, SinkProvider> providers = new HashMap<>();
        ServiceLoader.load(SinkProvider.class).forEach(p -> providers.put(p.type(), p));
        Map<String, String> variables = new HashMap<>();
        JsonNode services = services(SHOP.resolve("compose.yaml"));
        services.at("/cdc/environment")
                .properties()
                .forEach(e -> variables.put(e.getKey(), e.getValue().asText()));
        assertEquals(
                variables.get("SHOP_PASSWORD"),
                services.at("/postgres/environment/POSTGRES_PASSWORD").asText());
        assertTrue(services.has(String.valueOf(variables.get("SHOP_SERVER")).split(":")[0]));
        Environment direct = new Environment(Map.copyOf(variables), "cdc", Path.of("/nowhere"), Path.of("/"));
        variables.put("SHOP_KAFKA", "kafka:19092");
        Environment kafka = new Environment(variables, "cdc", Path.of("/nowhere"), Path.of("/"));
        Path examples = DOCKER.resolveSibling("examples").resolve("shop");
        LoadedProcess one = ConfigLoader.load(examples.resolve("cdc.yaml"), Flags.NONE, direct, providers);
        LoadedProcess other = ConfigLoader.load(examples.resolve("kafka.yaml"), Flags.NONE, kafka, providers);
        // with Kafka, only the ways of the events differ
        assertEquals(withoutEvents(one), withoutEvents(other));
        assertEquals(
                4, sinks(one).stream().filter(s -> s.type().equals("inbox")).count());
        assertEquals(
                4, sinks(other).stream().filter(s -> s.type().equals("kafka")).count());
    }

    private static List<SinkConfig> sinks(LoadedProcess process) {
        return process.pipelines().stream()
                .flatMap(pipeline -> pipeline.pipeline().sinks().stream())
                .toList();
    }

    private static List<SinkConfig> withoutEvents(LoadedProcess process) {
        return sinks(process).stream()
                .filter(sink -> !sink.type().equals("inbox") && !sink.type().equals("kafka"))
                .toList();
    }
}
