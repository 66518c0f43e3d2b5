package io.pgcdc.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgcdc.testkit.process.CdcProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cdc demo} as a newcomer runs it, its output in a file. */
class DemoIT {

    /** Host, port and database; the file with the password. */
    private static final Pattern PSQL =
            Pattern.compile("(?m)^psql 'postgresql://postgres@([^?]+)\\?passfile=([^']+)'$");

    private static final Pattern CONSOLE = Pattern.compile("(?m)^-- the console: (http://127\\.0\\.0\\.1:[1-9]\\d*)$");

    /** The file with the broker's password. */
    private static final Pattern KCAT = Pattern.compile("(?m)^kcat -F (\\S+) -C -t shop\\.user_service\\.users$");

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
        try (CdcProcess demo = CdcProcess.demo(directory)) {
            assertEquals(0, demo.awaitExit(), demo.stderr());
            List<JsonNode> changes = changes(demo);
            assertEquals(
                    Set.of("READ", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "MESSAGE"),
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
            assertTrue(demo.stderr().contains("done: " + changes.size() + " rows and changes"), demo.stderr());
        }
    }

    @Test
    @Tag("soak")
    void sizesItsWorkload() throws Exception {
        try (CdcProcess demo = CdcProcess.demo(directory, "--changes", "1000", "--format", "json")) {
            assertEquals(0, demo.awaitExit(), demo.stderr());
            assertEquals(1000, changes(demo).size());
        }
    }

    @Test
    void startsABrokerAndShowsWhatItsTopicsGet() throws Throwable {
        try (CdcProcess demo = CdcProcess.demo(directory, "--sink", "kafka", "--keep-running")) {
            Properties client = new Properties();
            try (var conf = Files.newBufferedReader(Path.of(await(demo, KCAT).group(1)))) {
                client.load(conf);
            }
            assertThrows(
                    SaslAuthenticationException.class, () -> topics(client.getProperty("bootstrap.servers"), "guess"));
            // the sink comes after the shop
            demo.await("the tombstone", () -> read(demo.stdout()).contains("shop.order_service.orders\t2\t\n"));
            Set<String> topics = topics(client.getProperty("bootstrap.servers"), client.getProperty("sasl.password"));
            assertTrue(topics.contains("shop.user_service.users"), topics.toString());
            demo.terminate();
            assertEquals(0, demo.awaitExit(), demo.stderr());
            List<String> records = Files.readAllLines(demo.stdout());
            assertTrue(records.stream().anyMatch(r -> r.startsWith("shop.user_service.users\t1\t{\"position\":")));
            assertTrue(records.contains("shop.order_service.orders\t2\t"), "a tombstone");
            assertTrue(demo.stderr().contains("-- " + records.size() + " records in Kafka"), demo.stderr());
        }
    }

    @Test
    void theShopOfServicesEndsByItselfWithBooksThatBalance() throws Exception {
        try (CdcProcess demo = CdcProcess.demo(directory, "shop", "--orders", "12")) {
            assertEquals(0, demo.awaitExit(), demo.stderr());
            String summary = read(demo.stdout());
            assertTrue(summary.contains("the books    balance"), summary);
            assertTrue(summary.contains("gift cards   3 by two-phase commits"), summary);
            assertTrue(summary.lines().allMatch(line -> line.length() < 80), summary);
            assertTrue(demo.stderr().lines().allMatch(line -> line.startsWith("-- ")), demo.stderr());
        }
    }

    @Test
    @Tag("soak")
    void theShopsEventsGoThroughKafka() throws Exception {
        try (CdcProcess demo = CdcProcess.demo(directory, "shop", "--kafka")) {
            assertEquals(0, demo.awaitExit(), demo.stderr());
            assertTrue(read(demo.stdout()).contains("the books    balance"), read(demo.stdout()));
        }
    }

    private static Set<String> topics(String bootstrapServers, String password) throws Throwable {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"demo\" password=\""
                        + password + "\";");
        try (Admin admin = Admin.create(properties)) {
            return admin.listTopics().names().get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What it prints once it runs. */
    private static Matcher await(CdcProcess demo, Pattern line) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        Matcher matcher = line.matcher("");
        while (!matcher.reset(demo.stderr()).find() && demo.isAlive() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(10_000_000);
        }
        assertTrue(demo.isAlive(), demo.stderr());
        return matcher;
    }

    @Test
    void keepsRunningUntilItIsTold() throws Exception {
        try (CdcProcess demo = CdcProcess.demo(directory, "--keep-running", "--http", "127.0.0.1:0")) {
            Matcher psql = await(demo, PSQL);
            theConsoleShowsTheOpenShop(await(demo, CONSOLE).group(1));
            String url = "jdbc:postgresql://" + psql.group(1) + "?user=postgres&password=";
            Path passFile = Path.of(psql.group(2));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(passFile)));
            String line = Files.readString(passFile).strip();
            DriverManager.getConnection(url + line.substring(line.lastIndexOf(':') + 1))
                    .close();
            assertThrows(
                    SQLException.class,
                    () -> DriverManager.getConnection(url + "guess").close());
            demo.terminate();
            assertEquals(0, demo.awaitExit(), demo.stderr());
            assertFalse(Files.exists(Objects.requireNonNull(passFile.getParent())), "nothing stays");
        }
    }

    /** Its feed shows an order of the shop that stays open, and nobody's address. */
    private static void theConsoleShowsTheOpenShop(String address) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<String> page = client.send(
                HttpRequest.newBuilder(URI.create(address + "/")).build(), HttpResponse.BodyHandlers.ofString());
        assertTrue(page.body().contains("/console/main.js"), page.body());
        HttpResponse<Stream<String>> feed = client.send(
                HttpRequest.newBuilder(URI.create(address + "/changes?from=beginning"))
                        .build(),
                HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = feed.body()) {
            List<String> seen = lines.takeWhile(line -> !line.contains("\"order_number\":\"S-3\""))
                    .toList();
            assertTrue(seen.stream().anyMatch(line -> line.contains("\"email\":\"ada\"")), seen.toString());
            assertFalse(seen.stream().anyMatch(line -> line.contains("password_hash")), seen.toString());
        }
    }
}
