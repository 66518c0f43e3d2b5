package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cdc demo} as a newcomer runs it, its output in a file. */
class DemoIT {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    private static List<JsonNode> changes(CdcProcess demo) throws Exception {
        return Files.readAllLines(demo.stdout()).stream()
                .map(line -> {
                    try {
                        return JSON.readTree(line);
                    } catch (java.io.IOException e) {
                        throw new AssertionError("not JSON: " + line, e);
                    }
                })
                .toList();
    }

    @Test
    void showsEachKindOfChangeAsOneJsonObjectALineAndEndsByItself() throws Exception {
        try (CdcProcess demo = CdcProcess.start(directory, "demo")) {
            assertEquals(0, demo.awaitExit(), demo.stderr());
            List<JsonNode> changes = changes(demo);
            assertEquals(
                    Set.of("INSERT", "UPDATE", "DELETE", "TRUNCATE", "MESSAGE"),
                    changes.stream().map(c -> c.path("change_type").asText()).collect(Collectors.toSet()));
            assertTrue(changes.stream()
                    .anyMatch(c -> c.path("unchanged_toast").toString().equals("[\"profile_data\"]")));
            assertTrue(changes.stream()
                    .anyMatch(c -> c.path("changed_fields").toString().equals("[\"order_status\"]")));
            assertTrue(
                    changes.stream().anyMatch(c -> c.path("old_data").toString().equals("{\"user_id\":2}")),
                    "the key change carries the old key");
            String all = changes.toString();
            assertFalse(all.contains("eve@"), "eve was rolled back");
            assertFalse(all.contains("dora@"), "dora was taken back by a savepoint");
            assertTrue(demo.stderr().contains("done: " + changes.size() + " changes"), demo.stderr());
        }
    }

    @Test
    void sizesItsWorkload() throws Exception {
        try (CdcProcess demo = CdcProcess.start(directory, "demo", "--changes", "1000", "--format", "json")) {
            assertEquals(0, demo.awaitExit(), demo.stderr());
            assertEquals(1000, changes(demo).size());
        }
    }

    @Test
    void startsABrokerAndShowsWhatItsTopicsGet() throws Exception {
        String broker = Path.of(System.getProperty("pgcdc.root"), "cdc-cli/target/dist/broker/*")
                .toString();
        try (CdcProcess demo =
                CdcProcess.start(directory, List.of("-Dcdc.broker.classpath=" + broker), "demo", "--sink", "kafka")) {
            assertEquals(0, demo.awaitExit(), demo.stderr());
            List<String> records = Files.readAllLines(demo.stdout());
            assertTrue(records.stream().anyMatch(r -> r.startsWith("shop.user_service.users\t1\t{\"position\":")));
            assertTrue(records.contains("shop.order_service.orders\t2\t"), "a tombstone");
            assertTrue(demo.stderr().contains("-- " + records.size() + " records in Kafka"), demo.stderr());
        }
    }

    @Test
    void keepsRunningUntilItIsTold() throws Exception {
        try (CdcProcess demo = CdcProcess.start(directory, "demo", "--keep-running")) {
            long deadline = System.nanoTime() + 60_000_000_000L;
            while (!demo.stderr().contains("psql postgresql://") && System.nanoTime() < deadline) {
                LockSupport.parkNanos(10_000_000);
            }
            assertTrue(demo.isAlive(), demo.stderr());
            demo.terminate();
            assertEquals(0, demo.awaitExit(), demo.stderr());
        }
    }
}
