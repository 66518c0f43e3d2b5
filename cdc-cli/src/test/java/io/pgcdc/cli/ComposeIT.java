package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgcdc.servers.container.Docker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.net.FreePort;
import io.pgcdc.servers.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerState;

/** The README's example in containers, where Docker is: the image as it is built here, between a server and a broker. */
class ComposeIT {

    private static final JsonMapper JSON = new JsonMapper();

    /** A broker starts in it, and a sink that was there before it has waited for it. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static void update(ComposeContainer compose, String email) throws Exception {
        ContainerState postgres = compose.getContainerByServiceName("postgres").orElseThrow();
        ExecResult psql = postgres.execInContainer(
                "psql", "-U", "postgres", "shop", "-c", "UPDATE users SET email = '" + email + "'");
        assertEquals(0, psql.getExitCode(), psql.getStderr());
    }

    private static List<String> emails(String bootstrapServers, int count) throws Exception {
        List<String> emails = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TopicReader.awaitRecords(bootstrapServers, "shop.public.users", count, LONGEST)) {
            JsonNode row = JSON.readTree(record.value()).path("new_data");
            assertEquals(row.path("id").asText(), TopicReader.text(record.key()));
            emails.add(row.path("id").asText() + " " + row.path("email").asText());
        }
        return emails;
    }

    @Test
    void theReadmesExample() throws Exception {
        Docker.requireCompose("the example in containers");
        Path file = Path.of(System.getProperty("pgcdc.root"), "docker", "compose.yaml");
        String port = String.valueOf(FreePort.find());
        try (ComposeContainer compose = new ComposeContainer(file.toFile())
                .withEnv("KAFKA_PORT", port)
                .withBuild(true)
                // compose itself fetches what is missing
                .withPull(false)) {
            compose.start();
            update(compose, "ada@example.org");
            List<String> expected = new ArrayList<>(
                    List.of("1 ada@example.com", "2 bob@example.com", "1 ada@example.org", "2 ada@example.org"));
            assertEquals(expected, emails("localhost:" + port, 4), "from the first row on");

            ContainerState cdc = compose.getContainerByServiceName("cdc").orElseThrow();
            cdc.getDockerClient().stopContainerCmd(cdc.getContainerId()).exec();
            assertEquals(0, cdc.getCurrentContainerInfo().getState().getExitCodeLong(), cdc.getLogs());
            update(compose, "bob@example.org");
            cdc.getDockerClient().startContainerCmd(cdc.getContainerId()).exec();
            expected.addAll(List.of("1 bob@example.org", "2 bob@example.org"));
            assertEquals(expected, emails("localhost:" + port, 6), "stopped and started, it goes on");
            assertTrue(cdc.isRunning(), cdc.getLogs());
        }
    }

    private static String ask(ComposeContainer compose, String role, String database, String sql) throws Exception {
        ContainerState postgres = compose.getContainerByServiceName("postgres").orElseThrow();
        ExecResult psql = postgres.execInContainer("psql", "-U", role, "-d", database, "-Atc", sql);
        assertEquals(0, psql.getExitCode(), psql.getStderr());
        return psql.getStdout().strip();
    }

    @Test
    void theShopOfServices() throws Exception {
        Docker.requireCompose("the shop in containers");
        Path file = Path.of(System.getProperty("pgcdc.root"), "docker", "shop", "compose.yaml");
        try (ComposeContainer compose =
                new ComposeContainer(file.toFile()).withBuild(true).withPull(false)) {
            compose.start();
            ask(compose, "user_service", "users", "SELECT user_service.register('ada', 'ada@example.org', 100)");
            Await.until(
                    "the copy of the user",
                    LONGEST,
                    () -> ask(compose, "order_service", "orders", "SELECT username FROM event_sync.user_snapshots")
                            .equals("ada"));
            ask(
                    compose,
                    "order_service",
                    "orders",
                    "INSERT INTO order_service.stock VALUES ('lamp', 1);"
                            + " INSERT INTO cqrs_pattern.commands (command_type, aggregate_id, command_data, status)"
                            + " VALUES ('PlaceOrder', 'N-1', '{\"user_id\": 1, \"item\": \"lamp\", \"amount\": 40}', 'pending')");
            Await.until(
                    "the order in the reports",
                    LONGEST,
                    () -> ask(
                                    compose,
                                    "reporting",
                                    "reports",
                                    "SELECT model_data ->> 'status' FROM eventual_consistency.read_models")
                            .equals("shipped"));
        }
    }
}
