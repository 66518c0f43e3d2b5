package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.history.History;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.MixedWorkload;
import io.pgcdc.testkit.history.Comparison;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command orders snapshots from a running one, through its control socket. */
class SnapshotOrderIT {

    private static final int KILLS = Soak.count(1, 20);

    /** Bytes that a run writes before it is killed. */
    private static final int MOST_BYTES = 200_000;

    /** Rows, or changes, that are more bytes than that. */
    private static final int ENOUGH = MOST_BYTES / StdoutRun.LEAST_LINE;

    @TempDir
    Path directory;

    private CommandRun order(String... more) {
        List<String> arguments = new ArrayList<>(List.of("snapshot"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--queue-dir", directory.resolve("queue").toString()));
        return CommandRun.of(arguments);
    }

    /** A pipeline that began with changes only gets the rows on order, and is killed meanwhile. */
    @EachPostgres
    void orderedRowsAddUpToTheTablesThoughTheProcessIsKilled(int version) throws Exception {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println("SnapshotOrderIT on " + version + ", seed " + seed);
        Random random = new Random(seed);
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("ordered");
        try (Connection connection = server.connect(database)) {
            MixedWorkload.create(connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute(CdcProcess.PUBLISH_EVERYTHING);
            }
            MixedWorkload workload = new MixedWorkload(connection, seed);
            workload.run(Soak.count(5_000, 60_000));
            workload.growTo(ENOUGH);
            History history = new History(MixedWorkload.KEYS);
            String[] arguments = StdoutRun.arguments(server, database, directory, "--create-slot");
            for (int i = 0; i < KILLS; i++) {
                try (CdcProcess run = CdcProcess.start(directory, arguments)) {
                    if (i == 0) {
                        run.await("the stream", () -> RunState.isRunning(directory.resolve("queue")));
                        assertEquals(0, order("--all-tables").exitCode());
                    }
                    StdoutRun.killAfter(1L + random.nextInt(MOST_BYTES), run, history);
                }
                workload.run(Soak.count(ENOUGH, 4_000));
            }
            String[] last = StdoutRun.arguments(server, database, directory, "--create-slot", "--until-caught-up");
            try (CdcProcess run = CdcProcess.start(directory, last)) {
                workload.run(Soak.count(1_000, 4_000));
                assertEquals(0, run.awaitExit(), run.stderr());
                StdoutRun.read(history, run.stdout());
            }
            try (CdcProcess run = CdcProcess.start(directory, last)) {
                assertEquals(0, run.awaitExit(), run.stderr());
                StdoutRun.read(history, run.stdout());
            }
            Comparison.compare(connection, MixedWorkload.KEYS, history);
        } finally {
            server.dropDatabase(database);
        }
    }

    private Path socket() {
        return directory.resolve("queue/control/socket");
    }

    /** Every request has an answer, and only this user can send one. */
    @Test
    void requestsAreAnswered() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("asked");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY)");
            statement.execute("INSERT INTO t SELECT generate_series(1, 50)");
            statement.execute(CdcProcess.PUBLISH_EVERYTHING);
            assertEquals(1, order("progress").exitCode());
            try (CdcProcess run =
                    CdcProcess.start(directory, StdoutRun.arguments(server, database, directory, "--create-slot"))) {
                run.await("the stream", () -> RunState.isRunning(directory.resolve("queue")));
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
                answers("{\"command\":\"snapshots\"}", "{\"ok\":true,\"snapshots\":[]}");
                answers("nonsense", "\"code\":\"CDC-605\",\"message\":\"the request is not a JSON object.\"");
                answers("[1]", "CDC-605");
                answers("{}", "needs a text \\\"command\\\"");
                answers("{\"command\":\"dance\"}", "unknown command \\\"dance\\\"");
                answers("{\"command\":\"snapshot\",\"tables\":\"t\"}", "needs a list \\\"tables\\\"");
                answers("{\"command\":\"snapshot\",\"tables\":[1]}", "needs texts in \\\"tables\\\"");
                answers("{\"command\":\"snapshot\",\"tabels\":[]}", "unknown fields tabels");
                answers("{\"command\":\"snapshot\",\"tables\":[\"u\"]}", "\"code\":\"CDC-137\"");
                answers("{\"command\":\"cancel-snapshot\",\"id\":\"x\"}", "there is no snapshot x");
                answers("{\"command\":\"pause-snapshot\"}", "needs a text \\\"id\\\"");
                CommandRun ordered = order("--table", "t", "--where", "id <= 10");
                assertEquals(0, ordered.exitCode(), ordered.stderr());
                String id = ordered.stdout().split(" ", -1)[1];
                run.await("the end", () -> order("progress").stdout().contains(id + "  finished  100%"));
                CommandRun json = order("progress", "--json");
                assertTrue(json.stdout().contains("\"state\":\"finished\""), json.stdout());
                CommandRun unknown = order("cancel", id);
                assertEquals(1, unknown.exitCode());
                assertTrue(unknown.stderr().startsWith("CDC-137"), unknown.stderr());
                run.terminate();
                assertEquals(0, run.awaitExit(), run.stderr());
                assertEquals(10, Files.readAllLines(run.stdout()).size());
                assertTrue(run.stderr().contains("snapshot " + id + ": finished, 10 rows of 1 table"), run.stderr());
            }
            assertFalse(Files.exists(socket()));
            CommandRun gone = order("--table", "t");
            assertEquals(1, gone.exitCode());
            assertTrue(gone.stderr().startsWith("CDC-604"), gone.stderr());
            assertEquals(2, order().exitCode());
            assertEquals(2, order("--all-tables", "--where", "true").exitCode());
        } finally {
            server.dropDatabase(database);
        }
    }

    private void answers(String request, String part) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(1 << 16);
            while (channel.read(answer) > 0 && answer.array()[answer.position() - 1] != '\n') {
                // the rest of the line
            }
            String text = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
            assertTrue(text.contains(part), request + " -> " + text);
        }
    }
}
