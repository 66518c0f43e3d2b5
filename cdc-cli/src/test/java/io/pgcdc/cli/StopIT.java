package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.process.CdcProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM ends the command in order while another side is silent: it accepts connections, and never answers. */
class StopIT {

    /** Docker kills a container after 10 s. */
    private static final long LONGEST_S = 8;

    @TempDir
    Path directory;

    private Path config(String url, String slot, String sink) throws Exception {
        return Files.writeString(
                directory.resolve("cdc.yaml"), """
                source: {url: "%s", slot: %s, publications: [p], create_slot: true}
                queue: {dir: "%s"}
                sinks:
                - %s
                """.formatted(url, slot, directory.resolve("queue"), sink));
    }

    private static void stop(CdcProcess run) {
        long since = System.nanoTime();
        run.terminate();
        assertEquals(0, run.awaitExit(), run.stderr());
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
        assertTrue(seconds < LONGEST_S, "stopped after " + seconds + " s");
    }

    @Test
    void whileTheSourceIsSilentAtTheStart() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "postgresql://cdc@127.0.0.1:" + silent.getLocalPort() + "/shop";
            Path config = config(url, "s", "{name: out, type: stdout}");
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString())) {
                silent.accept();
                stop(run);
                assertTrue(run.stderr().contains("cdc: stopped"), run.stderr());
            }
        }
    }

    /** The server ends the creation when all transactions that were open at its beginning are over. */
    @Test
    void whileASlotIsCreated() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("creating");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE PUBLICATION p FOR ALL TABLES");
            connection.setAutoCommit(false);
            statement.execute("CREATE TABLE open ()");
            String pid;
            try (ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
                row.next();
                pid = row.getString(1);
            }
            Path config = config(server.url(database), database, "{name: out, type: stdout}");
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString())) {
                String word = "creating slot \"" + database + "\" waits for the end of a transaction of process " + pid
                        + " (";
                run.await("a word about it", () -> run.stderr().contains(word));
                stop(run);
                assertTrue(run.stderr().contains("cdc: stopped"), run.stderr());
            }
            connection.rollback();
            Await.until(
                    "no slot is left",
                    () -> server.ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + database + "'")
                            .equals("0"));
        } finally {
            server.dropDatabase(database);
        }
    }

    @Test
    void whileKafkaIsSilent() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("stopped");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE PUBLICATION p FOR ALL TABLES");
            String kafka = "{name: bus, type: kafka, prefix: x, properties: {bootstrap.servers: \"127.0.0.1:"
                    + silent.getLocalPort() + "\"}}";
            Path config = config(server.url(database), database, kafka);
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString())) {
                silent.accept();
                run.await(
                        "a word about it", () -> run.stderr().contains("sink bus: no answer from Kafka at 127.0.0.1"));
                stop(run);
                assertTrue(run.stderr().contains("stopped without sink-bus"), run.stderr());
            }
        } finally {
            server.dropDatabase(database);
        }
    }
}
