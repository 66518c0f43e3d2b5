package io.pgcdc.servers.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Inserts, updates, key changes, deletes, truncates, rollbacks and savepoints in four tables of different structure, in
 * transactions of one row to many thousands. Counts the changes that it commits. The same seed gives the same work.
 */
public final class MixedWorkload {

    /** Tables with schemas, and their primary keys in key order, with which a history of changes can be replayed. */
    public static final Map<String, List<String>> KEYS = Map.of(
            "mix.narrow", List.of("id"),
            "mix.wide", List.of("id"),
            "mix.documents", List.of("id"),
            "mix.pairs", List.of("b", "a"));

    private static final int SMALL = 20;
    private static final int LARGE = 4_000;

    private static final String DDL = """
            CREATE SCHEMA mix;
            CREATE TABLE mix.narrow (id bigint PRIMARY KEY, label text);
            CREATE TABLE mix.wide (id int PRIMARY KEY, a int, b bigint, c numeric(20,4), d float8, e boolean, f date, g timestamptz,
                h interval, i uuid, j jsonb, k bytea, l text[], m int4range, n inet, o varchar(40), p char(8), q time, r bit(5), s text);
            ALTER TABLE mix.wide REPLICA IDENTITY FULL;
            CREATE TABLE mix.documents (id text PRIMARY KEY, body text, version int NOT NULL);
            ALTER TABLE mix.documents ALTER body SET STORAGE EXTERNAL;
            CREATE TABLE mix.pairs (a int, b text, note text, PRIMARY KEY (b, a));
            """;

    private final Connection connection;
    private final Random random;
    private final int large;
    private long changes;
    private int nextId = 1;

    public MixedWorkload(Connection connection, long seed) {
        this(connection, seed, LARGE);
    }

    /** @param large rows of one step of the few large transactions */
    public MixedWorkload(Connection connection, long seed, int large) {
        this.connection = connection;
        this.random = new Random(seed);
        this.large = large;
    }

    /** Creates the tables. */
    public static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(DDL);
        }
    }

    /** Returns the number of row changes committed so far. */
    public long changes() {
        return changes;
    }

    /** Works until at least this many more changes are committed. */
    public void run(long atLeast) throws SQLException {
        connection.setAutoCommit(false);
        long until = changes + atLeast;
        while (changes < until) {
            transaction();
        }
    }

    /** Works until the tables have at least this many rows: after deletes and truncates they may have few. */
    public void growTo(long rows) throws SQLException {
        connection.setAutoCommit(false);
        while (rows() < rows) {
            transaction();
        }
    }

    private long rows() throws SQLException {
        String counts = KEYS.keySet().stream()
                .map(table -> "(SELECT count(*) FROM " + table + ")")
                .collect(Collectors.joining(" + ", "SELECT ", ""));
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(counts)) {
            row.next();
            return row.getLong(1);
        } finally {
            connection.commit();
        }
    }

    private void transaction() throws SQLException {
        int steps = 1 + random.nextInt(4);
        int size = random.nextInt(30) == 0 ? large : 1 + random.nextInt(SMALL);
        long inTransaction = 0;
        for (int i = 0; i < steps; i++) {
            inTransaction += step(size);
        }
        if (random.nextInt(10) == 0) {
            connection.rollback();
        } else {
            connection.commit();
            changes += inTransaction;
        }
    }

    private long step(int size) throws SQLException {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> insert(size);
            case 3 ->
                update(
                        "UPDATE mix.narrow SET label = label || '+' WHERE id IN (SELECT id FROM mix.narrow ORDER BY id DESC LIMIT ?)",
                        size);
            case 4 ->
                update(
                        "UPDATE mix.wide SET a = a + 1, c = c * 1.5, s = md5(s) WHERE id IN (SELECT id FROM mix.wide ORDER BY"
                                + " id LIMIT ?)",
                        size);
            case 5 ->
                update(
                        "UPDATE mix.documents SET version = version + 1 WHERE id IN (SELECT id FROM mix.documents ORDER BY id LIMIT ?)",
                        size);
            case 6 ->
                update(
                        "UPDATE mix.narrow SET id = -id WHERE id IN (SELECT id FROM mix.narrow WHERE id > 0 ORDER BY id LIMIT ?)",
                        size);
            case 7 ->
                update(
                        "UPDATE mix.pairs SET a = a + 1000000, note = NULL WHERE a IN (SELECT a FROM mix.pairs WHERE a <"
                                + " 1000000 ORDER BY a LIMIT ?)",
                        size);
            case 8 ->
                update(
                        "DELETE FROM mix.narrow WHERE id IN (SELECT id FROM mix.narrow ORDER BY id LIMIT ?)",
                        size / 2 + 1);
            case 9 ->
                update("DELETE FROM mix.wide WHERE id IN (SELECT id FROM mix.wide ORDER BY id LIMIT ?)", size / 2 + 1);
            case 10 -> savepoint(size);
            default -> random.nextInt(40) == 0 ? truncate() : insert(size);
        };
    }

    private long insert(int size) throws SQLException {
        int from = nextId;
        nextId += size;
        long rows = range("INSERT INTO mix.narrow SELECT g, 'label ' || g FROM generate_series(?, ?) g", from);
        if (random.nextBoolean()) {
            rows += range(
                    "INSERT INTO mix.wide SELECT g, g, g::bigint * 1000000007, g * 1.0001, g / 3.0, g % 2 = 0, date '2026-01-01'"
                            + " + g % 365,"
                            + " timestamptz '2026-01-01 00:00:00+02' + g * interval '1 second', g * interval '1 minute',"
                            + " md5(g::text)::uuid, jsonb_build_object('n', g, 'list', jsonb_build_array(g, null, 'x\"y')),"
                            + " decode(md5(g::text), 'hex'), ARRAY['a', NULL, 'b ' || g], int4range(g, g + 10),"
                            + " ('10.0.' || g % 256 || '.1')::inet, 'varchar ' || g, 'char', time '12:00' + g * interval '1 second',"
                            + " (g % 32)::bit(5), E'line\\nbreak \\\\ \"quote\" ü ' || g FROM generate_series(?, ?) g",
                    from);
        }
        if (size <= SMALL) {
            rows += range(
                    "INSERT INTO mix.documents SELECT 'doc-' || g, repeat(md5(g::text), 100), 1 FROM generate_series(?, ?) g",
                    from);
            rows += range("INSERT INTO mix.pairs SELECT g, 'p' || g % 7, 'note' FROM generate_series(?, ?) g", from);
        }
        return rows;
    }

    private long range(String sql, int from) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, from);
            statement.setInt(2, nextId - 1);
            return statement.executeUpdate();
        }
    }

    private long update(String sql, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, limit);
            return statement.executeUpdate();
        }
    }

    private long savepoint(int size) throws SQLException {
        long kept = insert(size);
        Savepoint savepoint = connection.setSavepoint();
        insert(size);
        connection.rollback(savepoint);
        return kept;
    }

    /** Truncates two tables, which gives one change per table. */
    private long truncate() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE mix.documents, mix.pairs");
            return 2;
        }
    }
}
