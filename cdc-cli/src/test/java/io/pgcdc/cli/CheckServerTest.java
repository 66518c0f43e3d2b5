package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.servers.KeptConnections;
import io.pgcdc.servers.PgServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Findings of {@code cdc check} about the server's own settings, and their remedies: three at once that need a restart, others that do not. */
class CheckServerTest {

    /** The embedded server's settings are on its command line, which no ALTER SYSTEM changes: it is started again without them. */
    private static final String BROKEN = """
            unix_socket_directories = ''
            fsync = off
            wal_level = replica
            max_replication_slots = 1
            max_wal_senders = 1
            max_prepared_transactions = 2
            min_wal_size = '32MB'
            """;

    private static PgServer server;
    private static KeptConnections kept;
    private static JsonNode broken;
    private static JsonNode healed;

    @TempDir
    static Path directory;

    @TempDir
    Path own;

    @BeforeAll
    static void breakAndHeal() throws Exception {
        server = PgServer.start(18);
        Files.writeString(server.dataDirectory().resolve("postgresql.conf"), BROKEN, StandardOpenOption.APPEND);
        restart();
        try (CheckedSetup setup = CheckedSetup.on(server, kept, directory)) {
            setup.elsewhere("SELECT pg_create_physical_replication_slot('taken')");
            try (Connection holder = walSender()) {
                assertFalse(holder.isClosed());
                broken = setup.checked();
            }
            for (JsonNode finding : broken.path("findings")) {
                if (finding.path("remedy").path("restart").asBoolean()) {
                    setup.apply(finding);
                }
            }
        }
        restart();
        try (CheckedSetup setup = CheckedSetup.on(server, kept, directory);
                Connection holder = walSender()) {
            assertFalse(holder.isClosed());
            healed = setup.checked();
        }
    }

    @AfterAll
    static void close() {
        kept.close();
        server.close();
    }

    private static void restart() throws Exception {
        if (kept != null) {
            kept.close();
        }
        Path data = server.dataDirectory();
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        String postgres = ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow();
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U")); // the server refuses to run as root
        }
        command.addAll(List.of(
                Path.of(postgres).resolveSibling("pg_ctl").toString(),
                "restart",
                "--wait",
                "--mode=fast",
                "--pgdata=" + data,
                "--log=" + data.resolve("restart.log"),
                "--options=-p " + server.port()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("pg_ctl.log").toFile())
                .start();
        assertEquals(0, process.waitFor(), () -> "see " + data);
        kept = new KeptConnections(server::connect);
    }

    /** A reader that holds a walsender. */
    private static Connection walSender() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", PgServer.SUPERUSER);
        properties.setProperty("password", PgServer.password());
        properties.setProperty("replication", "true");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + server.port() + "/postgres", properties);
    }

    private static void assertHealed(ErrorCode code, String words) {
        assertNotNull(CheckedSetup.find(broken, code, words), broken.toString());
        assertNull(CheckedSetup.find(healed, code, words), healed.toString());
    }

    @Test
    void theWalLevel() {
        assertHealed(ErrorCode.WAL_LEVEL_NOT_LOGICAL, "wal_level is replica");
    }

    @Test
    void noFreeSlot() {
        assertHealed(ErrorCode.SLOTS_EXHAUSTED, "no replication slot is free");
    }

    @Test
    void noFreeWalSender() {
        assertHealed(ErrorCode.SLOTS_EXHAUSTED, "no free connection or walsender");
    }

    @Test
    void allThatNeedsARestartIsHealedByOne() {
        assertTrue(healed.path("ok").asBoolean(), healed.toString());
    }

    private void remedied(ErrorCode code, String words, BrokenSetups.Break how) throws Exception {
        try (CheckedSetup setup = CheckedSetup.on(server, kept, own)) {
            how.at(setup);
            JsonNode before = setup.checked();
            JsonNode finding = CheckedSetup.find(before, code, words);
            assertNotNull(finding, before.toString());
            setup.apply(finding);
            JsonNode after = setup.checked();
            assertNull(CheckedSetup.find(after, code, words), after.toString());
            setup.elsewhere(
                    "ALTER SYSTEM RESET max_slot_wal_keep_size", "ALTER SYSTEM RESET idle_replication_slot_timeout");
            setup.reload();
        }
    }

    private static BrokenSetups.Break setting(String setting) {
        return setup -> {
            setup.elsewhere("ALTER SYSTEM SET " + setting);
            setup.reload();
        };
    }

    @Test
    void unlimitedWal() throws Exception {
        remedied(ErrorCode.WAL_KEEP_LIMIT, "is unlimited", setup -> {});
    }

    @Test
    void littleWal() throws Exception {
        remedied(ErrorCode.WAL_KEEP_LIMIT, "is 64 MB, less than", setting("max_slot_wal_keep_size = '64MB'"));
    }

    @Test
    void idleSlots() throws Exception {
        remedied(ErrorCode.SLOT_IDLE_LIMIT, "is 3600 s", setting("idle_replication_slot_timeout = '1h'"));
    }

    @Test
    void aPreparedTransaction() throws Exception {
        remedied(
                ErrorCode.SLOT_CREATION_WAITS,
                "prepared transaction 'held'",
                setup -> setup.sql("BEGIN; INSERT INTO users VALUES (1); PREPARE TRANSACTION 'held'"));
    }

    private static void endanger(CheckedSetup setup) throws Exception {
        setup.sql("SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')");
        setting("max_slot_wal_keep_size = 0").at(setup);
        for (int i = 0; i < 3; i++) {
            setup.sql("INSERT INTO users VALUES (" + i + ")", "SELECT pg_switch_wal()");
        }
    }

    @Test
    void aSlotThatIsAboutToBeLost() throws Exception {
        remedied(ErrorCode.SLOT_NEAR_LOSS, "at its next checkpoint", CheckServerTest::endanger);
    }

    @Test
    void aSlotThatIsLost() throws Exception {
        remedied(ErrorCode.SLOT_INVALIDATED, "was invalidated", setup -> {
            endanger(setup);
            setup.sql("CHECKPOINT");
        });
    }
}
