package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers, roles, publications and slots that capture cannot work with: each has an error of its own, and nothing is changed. */
class BadInputIT {

    private static final GuardedServers GUARDED = new GuardedServers();

    @TempDir
    Path directory;

    @AfterAll
    static void stopServers() {
        GUARDED.close();
    }

    private Bench guarded(int version) throws Exception {
        return Bench.on(GUARDED.get(version), directory);
    }

    private Bench shared() throws Exception {
        return Bench.on(PgServer.shared(18), directory);
    }

    // --- the way to the server

    @Test
    void unknownHost() throws Exception {
        try (Bench bench = shared()) {
            bench.refusedToCreate("postgresql://cdc:" + Refusal.SECRET + "@nowhere.invalid:5432/shop")
                    .is(ErrorCode.SOURCE_UNREACHABLE)
                    .says("name cannot be resolved", "nowhere.invalid:5432/shop as cdc", "Check the host", "PGHOST");
        }
    }

    @Test
    void refusedPort() throws Exception {
        try (Bench bench = shared()) {
            bench.refusedToCreate("postgresql://cdc:" + Refusal.SECRET + "@localhost:1/shop")
                    .is(ErrorCode.SOURCE_UNREACHABLE)
                    .says("connection was refused", "localhost:1/shop as cdc", "Check host and port");
        }
    }

    @Test
    void somethingElseListens() throws Exception {
        try (Bench bench = shared();
                ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answer = new Thread(() -> answerAsAWebServer(web), "web");
            answer.setDaemon(true);
            answer.start();
            bench.refusedToCreate("postgresql://cdc@localhost:" + web.getLocalPort() + "/shop")
                    .is(ErrorCode.SOURCE_UNREACHABLE)
                    .says("not a PostgreSQL server", "localhost:" + web.getLocalPort(), "Check host and port");
        }
    }

    private static void answerAsAWebServer(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket client = listening.accept()) {
                client.getOutputStream().write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // the client left, or the test has ended
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"require", "verify-full"})
    void tlsThatTheServerDoesNotOffer(String mode) throws Exception {
        try (Bench bench = shared()) {
            bench.refusedToCreate(bench.url("postgres") + "?sslmode=" + mode)
                    .is(ErrorCode.TLS_FAILED)
                    .says("does not support SSL", bench.where("postgres"), "Set sslmode");
        }
    }

    // --- the login

    @EachPostgres
    void wrongPassword(int version) throws Exception {
        try (Bench bench = guarded(version)) {
            bench.refusedToCreate(bench.url("keyed:" + Refusal.SECRET))
                    .is(ErrorCode.AUTHENTICATION_FAILED)
                    .says("refused the password", bench.where("keyed"), "PGPASSWORD", ".pgpass");
        }
    }

    @EachPostgres
    void noPassword(int version) throws Exception {
        try (Bench bench = guarded(version)) {
            bench.refusedToCreate(bench.url("keyed"))
                    .is(ErrorCode.AUTHENTICATION_FAILED)
                    .says("no password was provided", bench.where("keyed"), "Set the password", "PGPASSWORD");
        }
    }

    @EachPostgres
    void unknownRole(int version) throws Exception {
        try (Bench bench = guarded(version)) {
            bench.refusedToCreate(bench.url("stranger"))
                    .is(ErrorCode.AUTHENTICATION_FAILED)
                    .says("role \"stranger\" does not exist", bench.where("stranger"), "Check the user", "LOGIN");
        }
    }

    @EachPostgres
    void accessFileRejects(int version) throws Exception {
        try (Bench bench = guarded(version)) {
            bench.refusedToCreate(bench.url("shut"))
                    .is(ErrorCode.AUTHENTICATION_FAILED)
                    .says("pg_hba.conf rejects connection", bench.where("shut"), "needs a line");
            bench.refusedToCreate(bench.url("unlisted"))
                    .is(ErrorCode.AUTHENTICATION_FAILED)
                    .says("no pg_hba.conf entry", bench.where("unlisted"), "needs a line");
            bench.refusedToCreate(bench.url("tls_only") + "?sslmode=disable")
                    .is(ErrorCode.AUTHENTICATION_FAILED)
                    .says("no pg_hba.conf entry", bench.where("tls_only"), "hostssl, set sslmode=require");
        }
    }

    @EachPostgres
    void unknownDatabase(int version) throws Exception {
        try (Bench bench = guarded(version)) {
            bench.refusedToCreate("postgresql://cdc@localhost:" + bench.server().port() + "/absent")
                    .is(ErrorCode.DATABASE_MISSING)
                    .says("\"absent\" does not exist", "/absent as cdc", "Check the database");
        }
    }

    @EachPostgres
    void roleThatMayNotConnect(int version) throws Exception {
        try (Bench bench = guarded(version)) {
            bench.sql("REVOKE CONNECT ON DATABASE " + bench.database() + " FROM PUBLIC");
            bench.refusedToCreate(bench.url("cdc"))
                    .is(ErrorCode.PRIVILEGE_MISSING)
                    .says("permission denied for database", bench.where("cdc"), "GRANT CONNECT");
        }
    }

    @EachPostgres
    void roleWithoutReplication(int version) throws Exception {
        try (Bench bench = guarded(version)) {
            bench.refusedToCreate(bench.url("plain"))
                    .is(ErrorCode.REPLICATION_PRIVILEGE_MISSING)
                    .says("role \"plain\" may not use", bench.where("plain"), "ALTER ROLE \"plain\" REPLICATION;");
        }
    }

    @EachPostgres
    void walLevelReplica(int version) throws Exception {
        try (PgServer server = PgServer.start(version, Map.of("wal_level", "replica"));
                Bench bench = Bench.on(server, directory)) {
            bench.refusedToCreate(bench.url("postgres"))
                    .is(ErrorCode.WAL_LEVEL_NOT_LOGICAL)
                    .says("wal_level is replica", bench.where("postgres"), "ALTER SYSTEM SET wal_level", "restart");
        }
    }

    // --- publications

    @Test
    void publicationMissing() throws Exception {
        try (Bench bench = shared()) {
            bench.refused(bench.url("postgres"), "--create-slot")
                    .is(ErrorCode.PUBLICATION_MISSING)
                    .says("publication \"users_pub\" does not exist;", bench.where("postgres"), "--create-publication");
            bench.createSlot();
            bench.refused(bench.url("postgres"))
                    .is(ErrorCode.PUBLICATION_MISSING)
                    .says("would not see one that is created now", bench.slot(), "choose another --slot");
        }
    }

    /** A person asks for a table, and would not get it. */
    @Test
    void publicationExistsWithoutTheTable() throws Exception {
        try (Bench bench = shared().createPublication().sql("CREATE TABLE other (id int PRIMARY KEY)")) {
            bench.refused(
                            bench.url("postgres"),
                            "--create-slot",
                            "--create-publication",
                            "--table",
                            "public.other",
                            "--table",
                            "public.users")
                    .is(ErrorCode.PUBLICATION_LACKS_TABLE)
                    .says("publication users_pub exists already, and does not have public.other: --table is")
                    .says("ALTER PUBLICATION \"users_pub\" ADD TABLE \"public\".\"other\"");
        }
    }

    /** The application pays for it, not cdc. */
    @Test
    void publicationWouldBreakTheApplication() throws Exception {
        try (Bench bench = shared().sql("CREATE TABLE keyless (id int)")) {
            bench.refused(bench.url("postgres"), "--create-slot", "--create-publication")
                    .is(ErrorCode.REPLICA_IDENTITY_MISSING)
                    .says("every UPDATE and DELETE fails in tables without a replica identity: public.keyless;")
                    .says("ALTER TABLE \"public\".\"keyless\" REPLICA IDENTITY FULL");
            bench.sql("UPDATE keyless SET id = 2");
        }
    }

    /** Invariant 5. */
    @Test
    void publicationWouldBeYoungerThanTheSlot() throws Exception {
        try (Bench bench = shared()) {
            bench.createSlot();
            bench.refusedToCreate(bench.url("postgres"))
                    .is(ErrorCode.PUBLICATION_SLOT_ORDER)
                    .says("\"users_pub\"", "slot \"" + bench.slot() + "\"", bench.where("postgres"), "another --slot");
        }
    }

    @EachPostgres
    void roleThatMayNotCreateAPublication(int version) throws Exception {
        try (Bench bench = guarded(version)) {
            bench.refusedToCreate(bench.url("cdc"))
                    .is(ErrorCode.PRIVILEGE_MISSING)
                    .says(
                            "while running CREATE PUBLICATION \"users_pub\" FOR ",
                            bench.where("cdc"),
                            "grant the privilege");
            bench.refusedToCreate(bench.url("cdc"), "--table", "public.users")
                    .is(ErrorCode.PRIVILEGE_MISSING)
                    .says(
                            "while running CREATE PUBLICATION \"users_pub\" FOR ",
                            bench.where("cdc"),
                            "grant the privilege");
        }
    }

    @Test
    void tableOfANewPublicationDoesNotExist() throws Exception {
        try (Bench bench = shared()) {
            bench.refusedToCreate(bench.url("postgres"), "--table", "public.userz")
                    .is(ErrorCode.TABLE_MISSING)
                    .says("\"public.userz\" does not exist", bench.where("postgres"), "--table");
        }
    }

    // --- slots

    @Test
    void slotMissing() throws Exception {
        try (Bench bench = shared().createPublication()) {
            bench.refused(bench.url("postgres"))
                    .is(ErrorCode.SLOT_MISSING)
                    .says("slot \"" + bench.slot() + "\" does not exist", bench.where("postgres"), "--create-slot");
        }
    }

    @Test
    void slotInUse() throws Exception {
        try (Bench bench = shared();
                CdcProcess first = bench.startStreaming("--create-slot", "--create-publication")) {
            first.await("the stream", () -> RunState.isRunning(Path.of(bench.queue("queue"))));
            String pid =
                    bench.ask("SELECT active_pid FROM pg_replication_slots WHERE slot_name = '" + bench.slot() + "'");
            bench.refusedToCreate(bench.url("postgres"), "--queue-dir", bench.queue("second"))
                    .is(ErrorCode.SLOT_IN_USE)
                    .says("slot \"" + bench.slot() + "\" is in use by process " + pid, bench.where("postgres"))
                    .says("Stop that consumer or choose another --slot");
            bench.refusedToCreate(bench.url("postgres"))
                    .is(ErrorCode.QUEUE_LOCKED)
                    .says("in use by process " + first.pid(), bench.queue("queue"), "another queue with --queue-dir");
            first.terminate();
            assertEquals(0, first.awaitExit(), first.stderr());
        }
    }

    @Test
    void slotOfAnotherKind() throws Exception {
        try (Bench bench = shared().createPublication()) {
            bench.sql("SELECT pg_create_physical_replication_slot('" + bench.database() + "_phys')");
            try {
                bench.refusedToCreate(bench.url("postgres"), "--slot", bench.database() + "_phys")
                        .is(ErrorCode.SLOT_OTHER_PLUGIN)
                        .says("_phys\" is physical", bench.where("postgres"), "another --slot");
            } finally {
                bench.sql("SELECT pg_drop_replication_slot('" + bench.database() + "_phys')");
            }
            bench.sql("SELECT pg_create_logical_replication_slot('" + bench.slot() + "', 'test_decoding')");
            bench.refusedToCreate(bench.url("postgres"))
                    .is(ErrorCode.SLOT_OTHER_PLUGIN)
                    .says("output plugin test_decoding", bench.where("postgres"), "another --slot");
        }
    }

    @Test
    void slotOfAnotherDatabase() throws Exception {
        try (Bench bench = shared().createPublication();
                Bench other = shared().createSlot()) {
            bench.refusedToCreate(bench.url("postgres"), "--slot", other.slot())
                    .is(ErrorCode.SLOT_OTHER_DATABASE)
                    .says("belongs to database \"" + other.database() + "\"", "not to \"" + bench.database() + "\"")
                    .says(bench.where("postgres"), "Connect to that database or choose another --slot");
        }
    }

    @EachPostgres
    void noSlotIsFree(int version) throws Exception {
        try (Bench bench = guarded(version)) {
            for (int i = 0; i < GuardedServers.SLOTS; i++) {
                bench.sql("SELECT pg_create_logical_replication_slot('full_" + i + "', 'pgoutput')");
            }
            bench.refusedToCreate(bench.url("postgres"))
                    .is(ErrorCode.SLOTS_EXHAUSTED)
                    .says("no replication slot is free", bench.where("postgres"), "max_replication_slots");
        }
    }

    @EachPostgres
    void invalidatedSlot(int version) throws Exception {
        try (Bench bench = guarded(version).createPublication().createSlot()) {
            for (int i = 0; i < 3; i++) {
                bench.sql("INSERT INTO users VALUES (" + i + ", 'wal')", "SELECT pg_switch_wal()");
            }
            bench.sql("CHECKPOINT");
            bench.refusedToCreate(bench.url("postgres"))
                    .is(ErrorCode.SLOT_INVALIDATED)
                    .says("\"" + bench.slot() + "\" was invalidated", "after LSN 0/", bench.where("postgres"))
                    .says("--create-slot --accept-gap");
        }
    }

    // --- not an error of ours

    @Test
    void readerThatGoesAwayLeaves141AndNoWords() throws Exception {
        try (Bench bench = shared().createPublication();
                CdcProcess run =
                        CdcProcess.startPiped(bench.logs(), bench.arguments(bench.url("postgres"), "--create-slot"))) {
            bench.awaitStreaming(run);
            try (BufferedReader head = run.reader()) {
                bench.sql("INSERT INTO users VALUES (1, 'read')");
                assertNotNull(head.readLine());
            }
            bench.sql("INSERT INTO users VALUES (2, 'unread')");
            assertEquals(141, run.awaitExit(), run.stderr());
            assertEquals("", run.complaints());
        }
    }
}
