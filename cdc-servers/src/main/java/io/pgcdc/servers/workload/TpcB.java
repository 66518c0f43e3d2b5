package io.pgcdc.servers.workload;

import io.pgcdc.servers.testing.Soak;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Transactions like TPC-B's: each updates an account, its teller and its branch, and inserts a line of history. Continues after its
 * connection was lost, as soon as there is another. If a commit's answer was lost, only the tables tell whether it committed.
 */
public final class TpcB implements AutoCloseable {

    /** Tables and their primary keys. */
    public static final Map<String, List<String>> KEYS = Map.of(
            "public.accounts", List.of("id"),
            "public.tellers", List.of("id"),
            "public.branches", List.of("id"),
            "public.history", List.of("id"));

    private static final int ACCOUNTS = 1_000;
    private static final int TELLERS = 10;

    /** Between two transactions. In a build, what is tested is the strikes, and all time between them costs CPU. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(Soak.count(3, 0));

    private static final String DDL = """
            CREATE TABLE branches (id int PRIMARY KEY, balance bigint NOT NULL);
            CREATE TABLE tellers (id int PRIMARY KEY, balance bigint NOT NULL);
            CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL, filler text);
            CREATE TABLE history (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account int, teller int, delta int, at timestamptz);
            """;

    /** Opens connections. */
    public interface Source {
        Connection connect() throws SQLException;
    }

    private final Source source;
    private final Random random;
    private final long pauseNanos;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long answered;

    /** Starts to work on its own thread. Pauses between transactions, except in a soak. */
    public TpcB(Source source, long seed) {
        this(source, seed, PAUSE_NANOS);
    }

    /** Starts to work on its own thread, with a pause between transactions. */
    public TpcB(Source source, long seed, Duration pause) {
        this(source, seed, pause.toNanos());
    }

    private TpcB(Source source, long seed, long pauseNanos) {
        this.source = source;
        this.pauseNanos = pauseNanos;
        this.random = new Random(seed);
        thread = new Thread(this::run, "tpc-b");
        thread.start();
    }

    /** Creates the tables, empty. */
    public static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(DDL);
        }
    }

    /** Fills the tables. Their rows are a part of what is captured. */
    public static void fill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO branches VALUES (1, 0)");
            statement.execute("INSERT INTO tellers SELECT n, 0 FROM generate_series(1, " + TELLERS + ") n");
            statement.execute(
                    "INSERT INTO accounts SELECT n, 0, repeat('x', 84) FROM generate_series(1, " + ACCOUNTS + ") n");
        }
    }

    /** Returns the number of transactions whose commit the server answered. */
    public long answered() {
        return answered;
    }

    private void run() {
        while (!stopped) {
            try (Connection connection = source.connect()) {
                connection.setAutoCommit(false);
                while (!stopped) {
                    transaction(connection);
                    if (pauseNanos > 0) {
                        LockSupport.parkNanos(pauseNanos);
                    }
                }
            } catch (SQLException e) {
                // the server is down, or the connection was cut
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only this thread writes it
    private void transaction(Connection connection) throws SQLException {
        int account = 1 + random.nextInt(ACCOUNTS);
        int teller = 1 + random.nextInt(TELLERS);
        int delta = random.nextInt(10_001) - 5_000;
        change(connection, "UPDATE accounts SET balance = balance + ? WHERE id = ?", delta, account);
        change(connection, "UPDATE tellers SET balance = balance + ? WHERE id = ?", delta, teller);
        change(connection, "UPDATE branches SET balance = balance + ? WHERE id = ?", delta, 1);
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO history (account, teller, delta, at) VALUES (?, ?, ?, clock_timestamp())")) {
            statement.setInt(1, account);
            statement.setInt(2, teller);
            statement.setInt(3, delta);
            statement.execute();
        }
        connection.commit();
        answered++;
    }

    private static void change(Connection connection, String sql, int delta, int id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, delta);
            statement.setInt(2, id);
            statement.execute();
        }
    }

    /** Ends after the current transaction. */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
