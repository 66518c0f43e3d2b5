package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.BufferedReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command reads all rows of a table that is much larger than its heap. */
@Tag("soak")
class LargeSnapshotIT {

    private static final int ROWS = 10_000_000;
    private static final int VALUES = 12;
    private static final int VALUE_BYTES = 50_000_000;

    /** As docs/how-to/snapshots.md says: a bytea of 50 MB is 100 MB as text. */
    private static final String HEAP_FOR_VALUES = "-Xmx1300m";

    @TempDir
    Path directory;

    /** The options that the launcher gives the JVM. */
    private static List<String> launched(String heap) {
        return List.of(heap, "-Xmn24m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");
    }

    @Test
    void tenMillionRowsInTheLaunchersHeap() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("million");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
            statement.execute(CdcProcess.PUBLISH_EVERYTHING);
            statement.execute("INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, " + ROWS + ") n");
            List<String> arguments =
                    List.of(StdoutRun.arguments(server, database, directory, "--create-slot", "--snapshot", "only"));
            try (CdcProcess run = CdcProcess.startPiped(directory, launched("-Xmx256m"), arguments)) {
                Seen seen = new Seen();
                try (BufferedReader lines = run.reader()) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        seen.line(line);
                    }
                }
                assertEquals(0, run.awaitExit(), run.stderr());
                assertEquals(ROWS, seen.rows);
                assertEquals(ROWS, seen.ids.cardinality(), "each row once");
                assertEquals(
                        one(statement, "SELECT sum(('x' || left(md5(id || '=' || v), 15))::bit(60)::bigint) FROM t"),
                        one(statement, "SELECT " + seen.high + "::numeric * 1073741824 + " + seen.low));
            }
        } finally {
            server.dropDatabase(database);
        }
    }

    /** What was written, without the lines. */
    private static final class Seen {

        private final BitSet ids = new BitSet();
        private final MessageDigest md5 = md5();
        private int rows;

        /** The sum of the first 60 bits of all rows' hashes: of their upper 30 bits, and of their lower ones. */
        private long high;

        private long low;

        void line(String line) {
            assertTrue(line.contains(":r" + rows + "\"") && line.contains("\"READ\""), line);
            int at = line.indexOf("\"new_data\":{\"id\":") + "\"new_data\":{\"id\":".length();
            int end = line.indexOf(',', at);
            int id = Integer.parseInt(line, at, end, 10);
            int value = line.indexOf("\"v\":\"", end) + "\"v\":\"".length();
            String v = line.substring(value, line.indexOf('"', value));
            ids.set(id);
            long hash = ByteBuffer.wrap(md5.digest((id + "=" + v).getBytes(StandardCharsets.UTF_8)))
                            .getLong()
                    >>> 4;
            high += hash >>> 30;
            low += hash & ((1 << 30) - 1);
            rows++;
        }
    }

    @Test
    void valuesOfFiftyMegabytes() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("values");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY, v text, b bytea)");
            statement.execute(CdcProcess.PUBLISH_EVERYTHING);
            statement.execute(
                    "INSERT INTO t SELECT n, CASE WHEN n % 2 = 0 THEN repeat(md5(n::text), " + VALUE_BYTES / 32
                            + ") END, CASE WHEN n % 2 = 1 THEN decode(repeat(md5(n::text), " + VALUE_BYTES / 16
                            + "), 'hex') END FROM generate_series(1, " + VALUES + ") n");
            Path config = directory.resolve("cdc.yaml");
            Files.write(
                    config,
                    List.of(
                            "source: {url: \"" + server.url(database) + "\", slot: " + database
                                    + "_slot, publications: [everything], create_slot: true}",
                            "queue: {dir: " + directory.resolve("queue") + "}",
                            "max_row_bytes: 101000000",
                            "snapshot: only",
                            "sinks: [{name: out, type: stdout}]"));
            List<String> hashes = new ArrayList<>();
            try (CdcProcess run = CdcProcess.startPiped(
                    directory, launched(HEAP_FOR_VALUES), List.of("run", "-c", config.toString()))) {
                try (BufferedReader lines = run.reader()) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        hashes.add(hash(line));
                    }
                }
                assertEquals(0, run.awaitExit(), run.stderr());
            }
            hashes.sort(null);
            assertEquals(
                    one(
                            statement,
                            "SELECT string_agg(line, ',' ORDER BY line COLLATE \"C\") FROM"
                                    + " (SELECT id || '=' || coalesce(md5(v), md5(encode(b, 'hex'))) line FROM t) lines"),
                    String.join(",", hashes));
        } finally {
            server.dropDatabase(database);
        }
    }

    /** Returns the row's id, and the hash of the value that it has. */
    private static String hash(String line) {
        int at = line.indexOf("\"new_data\":{\"id\":") + "\"new_data\":{\"id\":".length();
        int end = line.indexOf(',', at);
        String text = "\"v\":\"";
        String bytes = "\"b\":\"\\\\x";
        int v = line.indexOf(text, end);
        int from = v >= 0 ? v + text.length() : line.indexOf(bytes, end) + bytes.length();
        String value = line.substring(from, line.indexOf('"', from));
        assertFalse(value.isEmpty());
        return line.substring(at, end) + "="
                + HexFormat.of().formatHex(md5().digest(value.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String one(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
