package io.pgcdc.race;

import io.pgcdc.servers.PgServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Ways to write many rows by key with one statement, half of them new: arrays and unnest, or COPY into a staging table and then MERGE or INSERT. */
public final class UpsertWays {

    private static final int ROUNDS = 5;
    private static final int BATCHES = 60;
    private static final int BATCH = 4_000;

    private UpsertWays() {}

    /** Writes one batch of rows: key, name, note, amount. */
    private interface Way {
        void write(Connection connection, String[][] rows) throws SQLException;
    }

    public static void main(String[] arguments) throws SQLException {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("unnest, ON CONFLICT", UpsertWays::unnest);
        ways.put(
                "COPY, MERGE",
                (c, rows) -> staged(
                        c,
                        rows,
                        "MERGE INTO t USING staging s ON t.id = s.id::int WHEN MATCHED THEN UPDATE"
                                + " SET name = s.name, note = s.note, amount = s.amount::numeric WHEN NOT MATCHED THEN INSERT VALUES (s.id::int, s.name,"
                                + " s.note, s.amount::numeric)"));
        ways.put(
                "COPY, ON CONFLICT",
                (c, rows) -> staged(
                        c,
                        rows,
                        "INSERT INTO t SELECT id::int, name, note, amount::numeric FROM staging"
                                + " ON CONFLICT (id) DO UPDATE SET name = excluded.name, note = excluded.note, amount = excluded.amount"));
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        try (PgServer server =
                        PgServer.start(18, Map.of("fsync", "on", "shared_buffers", "256MB", "max_wal_size", "8GB"));
                Connection connection = server.connect("postgres")) {
            for (int round = 0; round < ROUNDS; round++) {
                for (Map.Entry<String, Way> way : ways.entrySet()) {
                    figures.computeIfAbsent(way.getKey(), k -> new ArrayList<>())
                            .add(measure(connection, way.getValue()));
                }
            }
        }
        System.out.printf("%-22s %12s%n", "", "rows/s");
        figures.forEach((way, all) -> {
            Collections.sort(all);
            System.out.printf("%-22s %,12.0f%n", way, all.get(all.size() / 2));
        });
    }

    private static double measure(Connection connection, Way way) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("DROP TABLE IF EXISTS t, staging");
            statement.execute("CREATE TABLE t (id int PRIMARY KEY, name text, note text, amount numeric(12,2))");
            statement.execute("CREATE TEMP TABLE staging (id text, name text, note text, amount text)");
            statement.execute("CHECKPOINT");
            connection.setAutoCommit(false);
        }
        Random random = new Random(1);
        long start = System.nanoTime();
        for (int batch = 0; batch < BATCHES; batch++) {
            way.write(connection, rows(batch, random));
            connection.commit();
        }
        return BATCHES * (double) BATCH / ((System.nanoTime() - start) / 1e9);
    }

    /** Distinct keys: half of them behind all that there were, half of those that may be there. */
    private static String[][] rows(int batch, Random random) {
        String[][] rows = new String[BATCH][];
        int half = BATCH / 2;
        int step = Math.max(1, batch);
        for (int i = 0; i < BATCH; i++) {
            int id = i < half ? batch * half + i : (i - half) * step + random.nextInt(step);
            rows[i] = new String[] {
                String.valueOf(i < half ? id : -1 - id),
                "customer " + id,
                "a note that says what there was to say today",
                id + ".50"
            };
        }
        return rows;
    }

    private static void unnest(Connection connection, String[][] rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO t SELECT u.id::int, u.name, u.note, u.amount::numeric"
                        + " FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS u (id, name, note, amount)"
                        + " ON CONFLICT (id) DO UPDATE SET name = excluded.name, note = excluded.note, amount = excluded.amount")) {
            for (int column = 0; column < 4; column++) {
                Object[] values = new Object[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    values[i] = rows[i][column];
                }
                statement.setArray(column + 1, connection.createArrayOf("text", values));
            }
            statement.executeUpdate();
        }
    }

    private static void staged(Connection connection, String[][] rows, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY staging FROM STDIN");
            StringBuilder lines = new StringBuilder();
            for (String[] row : rows) {
                lines.append(String.join("\t", row)).append('\n');
            }
            byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
            copy.writeToCopy(bytes, 0, bytes.length);
            copy.endCopy();
            statement.execute(sql);
            statement.execute("TRUNCATE staging");
        }
    }
}
