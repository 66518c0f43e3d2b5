package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backlog much larger than the heap passes through it. */
class DrainIT {

    private static final int SMALL_TRANSACTIONS = Soak.count(1_000, 5_000);
    private static final int ROWS_EACH = 100;
    private static final int ROWS_OF_THE_LARGE_ONE = Integer.getInteger("pgcdc.large.rows");

    private static final int HEAP_MB = Soak.count(48, 256);

    @TempDir
    Path directory;

    @Test
    void manyNarrowInsertsInABoundedHeap() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("drain");
        String[] arguments = {
            "run",
            "--source",
            server.url(database),
            "--slot",
            database + "_slot",
            "--publication",
            "narrow_pub",
            "--queue-dir",
            directory.resolve("queue").toString(),
            "--sink",
            "stdout",
            "--until-caught-up"
        };
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE narrow (id bigint PRIMARY KEY, label text)");
            statement.execute("CREATE PUBLICATION narrow_pub FOR TABLE narrow");
            statement.execute(CdcProcess.createSlot(database + "_slot"));
            statement.execute("DO $$ BEGIN FOR i IN 0.." + (SMALL_TRANSACTIONS - 1) + " LOOP"
                    + " INSERT INTO narrow SELECT i * " + ROWS_EACH + " + g, 'row ' || g FROM generate_series(1, "
                    + ROWS_EACH + ") g; COMMIT; END LOOP; END $$");
            statement.execute("INSERT INTO narrow SELECT g, 'row ' || g FROM generate_series("
                    + (SMALL_TRANSACTIONS * ROWS_EACH + 1) + ", "
                    + (SMALL_TRANSACTIONS * ROWS_EACH + ROWS_OF_THE_LARGE_ONE) + ") g");
            try (CdcProcess run = CdcProcess.start(
                    directory, List.of("-Xmx" + HEAP_MB + "m", "-XX:+ExitOnOutOfMemoryError"), arguments)) {
                assertEquals(0, run.awaitExit(), run.stderr());
                int next = 1;
                try (BufferedReader lines = Files.newBufferedReader(run.stdout())) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        assertTrue(line.contains("\"new_data\":{\"id\":" + next + ","), line);
                        next++;
                    }
                }
                assertEquals(SMALL_TRANSACTIONS * ROWS_EACH + ROWS_OF_THE_LARGE_ONE, next - 1);
            }
        } finally {
            server.dropDatabase(database);
        }
    }
}
