package io.pgcdc.connect.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.history.History;
import io.pgcdc.history.Mapping;
import io.pgcdc.servers.kafka.LoggedRecord;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.workload.MixedWorkload;
import io.pgcdc.servers.workload.TpcB;
import io.pgcdc.testkit.history.Comparison;
import io.pgcdc.testkit.topic.Fault;
import io.pgcdc.testkit.topic.PlacedRecord;
import io.pgcdc.testkit.topic.TopicJudge;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A captured database whose tables have rows before the connector starts, and then change all the time, in transactions of a few rows to
 * thousands. Two tables do not change: each of their rows is in Kafka once for each snapshot. Closing deletes what {@link
 * CapturedDatabase} does.
 */
final class LoadedDatabase implements AutoCloseable {

    private static final String[] TABLES = {
        "accounts", "tellers", "branches", "history", "narrow", "wide", "documents", "pairs", "still", "calm"
    };
    private static final Map<String, List<String>> KEYS = keys();
    private static final int CALM_ROWS = 300;

    /** How much work is done before the connector starts, in rows of {@link MixedWorkload}. */
    private static final int MIXED_ROWS = 500;

    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final int MOST_FAULTS = 20;

    private final ConnectGroup group;
    private final CapturedDatabase captured;
    private final int stillRows;
    private final long seed;
    private final Duration pause;
    private final Connection mixedConnection;
    private final MixedWorkload mixed;
    private @Nullable TpcB bank;
    private @Nullable Thread mixer;
    private volatile boolean stopped;
    private volatile @Nullable SQLException failure;
    private int ordered;

    /**
     * Creates the tables, and fills them.
     *
     * @param stillRows of a table that does not change: what makes the snapshot long
     * @param large rows of one step of a large transaction
     * @param pause between the transactions of each of two loads
     */
    LoadedDatabase(ConnectGroup group, long seed, int stillRows, int large, Duration pause) throws SQLException {
        this.group = group;
        this.seed = seed;
        this.stillRows = stillRows;
        this.pause = pause;
        captured = new CapturedDatabase(group, TABLES);
        mixedConnection = captured.connect();
        TpcB.create(mixedConnection);
        TpcB.fill(mixedConnection);
        MixedWorkload.create(mixedConnection);
        mixed = new MixedWorkload(mixedConnection, seed, large);
        mixed.growTo(MIXED_ROWS);
        for (String table : List.of("still", "calm")) {
            int rows = table.equals("still") ? stillRows : CALM_ROWS;
            captured.sql(
                    "CREATE TABLE " + table + " (id int PRIMARY KEY, filler text)",
                    "INSERT INTO " + table + " SELECT n, repeat('y', 60) FROM generate_series(1, " + rows + ") n");
        }
    }

    private static Map<String, List<String>> keys() {
        Map<String, List<String>> keys = new HashMap<>(TpcB.KEYS);
        keys.putAll(MixedWorkload.KEYS);
        keys.put("public.still", List.of("id"));
        keys.put("public.calm", List.of("id"));
        return keys;
    }

    CapturedDatabase captured() {
        return captured;
    }

    String name() {
        return captured.name();
    }

    /** Starts both loads. */
    void startLoad() {
        bank = new TpcB(captured::connect, seed, pause);
        mixer = new Thread(this::mix, "mix-" + name());
        mixer.start();
    }

    private void mix() {
        try {
            while (!stopped) {
                mixed.run(1);
                LockSupport.parkNanos(pause.toNanos());
            }
        } catch (SQLException e) {
            failure = e;
        }
    }

    /** Ends the loads after their current transactions. */
    void stopLoad() throws SQLException {
        stopped = true;
        if (bank != null) {
            bank.close();
        }
        if (mixer != null) {
            try {
                mixer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Orders a snapshot of two tables by a message. */
    void orderSnapshot() throws SQLException {
        captured.sql("SELECT pg_logical_emit_message(true, 'pgcdc.snapshot_order',"
                + " '{\"tables\": [\"mix.wide\", \"public.calm\"]}')");
        ordered++;
    }

    boolean isOrdered() {
        return ordered > 0;
    }

    /** Returns how many rows of the table that does not change are in Kafka. */
    int snapshotRows() {
        return committed("still").size();
    }

    /**
     * Waits until all that was committed so far, and all rows of snapshots, are in Kafka.
     *
     * @param meanwhile is run again and again
     */
    void awaitAll(Runnable meanwhile) throws SQLException {
        String end = captured.ask("SELECT pg_current_wal_lsn()");
        Await.untilRarely("rows of snapshots of " + name(), LONGEST, () -> {
            meanwhile.run();
            return snapshotRows() >= stillRows && committed("calm").size() >= (1 + ordered) * CALM_ROWS;
        });
        Await.untilRarely("changes of " + name() + " through " + end, LONGEST, () -> {
            meanwhile.run();
            return captured.ask("SELECT confirmed_flush_lsn >= '" + end
                            + "' FROM pg_replication_slots WHERE slot_name = '" + name() + "'")
                    .equals("t");
        });
    }

    private List<LoggedRecord> committed(String table) {
        return captured.records(table).stream()
                .filter(LoggedRecord::isCommitted)
                .toList();
    }

    /**
     * Checks all that is in Kafka. The loads have ended, and {@link #awaitAll} has returned.
     *
     * @param splitFrom source transactions with this many records or more may be in several Kafka transactions
     * @return the number of changes
     */
    long check(int splitFrom) throws Exception {
        List<Fault> faults = captured.faults(group.id() + "-offset", splitFrom);
        assertEquals(List.of(), faults.stream().limit(MOST_FAULTS).toList(), faults.size() + " faults of " + name());
        assertRowsOnce("still", 1);
        assertRowsOnce("calm", 1 + ordered);
        TopicJudge judge = captured.judge();
        History history = new History(Mapping.PGCDC.with("position=/position"), KEYS, Set.of(), finding -> {
            throw new AssertionError(name() + ": " + finding);
        });
        history.rowsFollow();
        judge.replay(history::add);
        try (Connection connection = captured.connect()) {
            Comparison.compare(connection, KEYS, history);
        }
        return history.size();
    }

    /** A reader with {@code read_committed} gets each row of a table that does not change once for each snapshot. */
    private void assertRowsOnce(String table, int times) {
        Map<String, Integer> found = new TreeMap<>();
        TopicReader.read(group.broker().bootstrapServers(), name() + "." + table)
                .forEach(record -> found.merge(String.valueOf(TopicReader.text(record.key())), 1, Integer::sum));
        found.values().removeIf(count -> count == times);
        assertEquals(Map.of(), found, "rows of " + table + " that are not there " + times + " times");
        assertEquals(
                times * (table.equals("still") ? stillRows : CALM_ROWS),
                committed(table).size(),
                table);
    }

    /** Returns how many Kafka transactions have the records. */
    long kafkaTransactions() {
        return captured.judge().byPosition().stream()
                .map(PlacedRecord::logged)
                .map(LoggedRecord::transaction)
                .distinct()
                .count();
    }

    @Override
    public void close() throws SQLException {
        stopLoad();
        mixedConnection.close();
        captured.close();
    }
}
