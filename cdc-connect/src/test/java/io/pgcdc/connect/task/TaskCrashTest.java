package io.pgcdc.connect.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.history.History;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.MixedWorkload;
import io.pgcdc.testkit.history.Comparison;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A task is killed again and again, while rows are read and changes streamed: each change is committed once, in whole transactions. */
class TaskCrashTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KILLS = Soak.count(1, 100);
    private static final int CHANGES_A_KILL = Soak.count(300, 3_000);
    private static final int LARGE = Soak.count(500, 2_000);
    private static final int ROWS = Soak.count(2_500, 40_000);

    /** Orders the rows of a table once more. */
    private static final String ORDER =
            "SELECT pg_logical_emit_message(true, 'pgcdc.snapshot_order', '{\"tables\": [\"mix.wide\"]}')";

    @ParameterizedTest
    @CsvSource({"0, 268435456", "1048576, 268435456", "1048576, 20000"})
    void eachChangeIsCommittedOnce(long commitBytes, long splitBytes) throws Exception {
        PgServer server = PgServer.shared(18);
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        Random random = new Random(seed);
        String database = server.createDatabase("crash");
        try (Connection connection = server.connect(database);
                Statement sql = connection.createStatement()) {
            MixedWorkload.create(connection);
            MixedWorkload load = new MixedWorkload(connection, random.nextLong(), LARGE);
            sql.execute("CREATE PUBLICATION p FOR ALL TABLES");
            load.growTo(ROWS);
            Map<String, String> properties = TaskProperties.withSnapshot(server, database, 32_768);
            properties.put("commit_bytes", Long.toString(commitBytes));
            properties.put("split_bytes", Long.toString(splitBytes));
            Bookkeeping books = new Bookkeeping(properties);
            begin(books, server, database);
            play(books, connection, load, random);
            sql.execute(ORDER);
            load.run(CHANGES_A_KILL);
            connection.setAutoCommit(true);
            drain(books, server, database);
            books.stop();
            check(books, connection, splitBytes > 1 << 20);
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** Runs a task until the slot exists, and some of the rows are read. What is committed before is in these rows, or nowhere. */
    private static void begin(Bookkeeping books, PgServer server, String database) throws Exception {
        String created = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + database + "'";
        books.start();
        Await.until("the slot", () -> {
            books.poll();
            return !server.ask(created).equals("0") && books.hasSomeRows();
        });
        books.stop();
        assertFalse(books.hasAllRows(), "the snapshot was over before the first kill");
    }

    private static void play(Bookkeeping books, Connection connection, MixedWorkload load, Random random)
            throws Exception {
        for (int i = 0; i < KILLS; i++) {
            books.start();
            CompletableFuture<Void> work = CompletableFuture.runAsync(() -> {
                try {
                    load.run(CHANGES_A_KILL);
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            int polls = 1 + random.nextInt(40);
            for (int p = 0; p < polls; p++) {
                books.poll();
            }
            books.stop();
            work.join();
        }
        connection.setAutoCommit(true);
    }

    /** Runs a task until Kafka has everything. */
    private static void drain(Bookkeeping books, PgServer server, String database) throws Exception {
        String end = server.ask("SELECT pg_current_wal_lsn()");
        books.start();
        String reached = "SELECT confirmed_flush_lsn >= '" + end + "' FROM pg_replication_slots WHERE slot_name = '"
                + database + "'";
        Await.until(
                "all rows and changes",
                Duration.ofMinutes(2),
                () -> !books.poll()
                        && books.hasOrderedRows()
                        && books.hasAllRows()
                        && server.ask(reached).equals("t"));
        books.poll();
    }

    private static void check(Bookkeeping books, Connection connection, boolean wholeTransactions) throws Exception {
        History history = new History(MixedWorkload.KEYS);
        history.rowsFollow();
        Set<String> ended = new HashSet<>();
        long changes = 0;
        String last = "";
        for (List<SourceRecord> transaction : books.committed()) {
            Set<String> here = new HashSet<>();
            for (SourceRecord record : transaction) {
                if (record.value() == null || record.topic().startsWith("__")) {
                    continue;
                }
                String line = new String((byte[]) record.value(), StandardCharsets.UTF_8);
                history.add(renumbered(line, last));
                last = position(line);
                changes++;
                JsonNode xid = JSON.readTree(line).path("xid");
                if (!xid.isMissingNode()) {
                    here.add(xid.asText());
                }
            }
            if (wholeTransactions) {
                here.forEach(xid -> assertTrue(ended.add(xid), () -> "transaction " + xid + " was divided"));
            }
        }
        assertTrue(changes > 0);
        Comparison.compare(connection, MixedWorkload.KEYS, history);
        System.out.println(
                "TaskCrashTest: " + changes + " changes in " + books.committed().size() + " transactions");
    }

    /** A key change is a delete and an insert at one position: gives each a position of its own. */
    private static String renumbered(String line, String last) {
        String position = position(line);
        int colon = position.indexOf(':') + 1;
        if (position.charAt(colon) == 'r') {
            return line;
        }
        long ordinal = 2 * Long.parseLong(position.substring(colon)) + (position.equals(last) ? 1 : 0);
        return line.replaceFirst(position, position.substring(0, colon) + ordinal);
    }

    private static String position(String line) {
        int from = line.indexOf(":\"") + 2;
        return line.substring(from, line.indexOf('"', from));
    }

    /** A worker that lost its task may not know it yet. */
    @Test
    void aTaskTakesTheSlotFromItsPredecessor() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("takeover");
        String user = "SELECT active_pid FROM pg_replication_slots WHERE slot_name = '" + database + "'";
        try (Connection connection = server.connect(database);
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE TABLE t (id int PRIMARY KEY)");
            sql.execute("CREATE PUBLICATION p FOR ALL TABLES");
            Map<String, String> properties = TaskProperties.of(server, database);
            Bookkeeping earlier = new Bookkeeping(properties);
            earlier.start();
            Await.until("the earlier task's connection", () -> {
                earlier.poll();
                return !server.ask("SELECT coalesce((" + user + "), 0)").equals("0");
            });
            String pid = server.ask(user);
            Bookkeeping later = new Bookkeeping(properties);
            later.start();
            sql.execute("INSERT INTO t VALUES (1)");
            Await.until("the later task's record", () -> {
                later.poll();
                return later.committed().stream()
                        .flatMap(List::stream)
                        .anyMatch(r -> r.topic().endsWith(".t"));
            });
            assertNotEquals(pid, server.ask(user));
            earlier.stop();
            later.stop();
        }
    }

    /** A message has no record, so the offset after it may be committed long after its snapshot is. */
    @Test
    void aSnapshotThatWasOrderedOnceIsReadOnce() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("ordered");
        try (Connection connection = server.connect(database);
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE TABLE t (id int PRIMARY KEY)");
            sql.execute("INSERT INTO t VALUES (1), (2), (3)");
            sql.execute("CREATE PUBLICATION p FOR ALL TABLES");
            sql.execute("SELECT pg_create_logical_replication_slot('" + database + "', 'pgoutput')");
            Map<String, String> properties = TaskProperties.of(server, database);
            properties.put("heartbeat_record_interval_ms", "3600000");
            Bookkeeping books = new Bookkeeping(properties);
            books.start();
            sql.execute("SELECT pg_logical_emit_message(true, 'pgcdc.snapshot_order', '{\"tables\": [\"public.t\"]}')");
            Await.until("the rows", () -> {
                books.poll();
                return books.hasOrderedRows() && records(books) == 3;
            });
            books.stop();
            books.start();
            sql.execute("INSERT INTO t VALUES (4)");
            Await.until("the next change, and the end of what else was ordered", () -> {
                books.poll();
                return books.hasOrderedRows() && records(books) > 3;
            });
            books.stop();
            assertEquals(4, records(books));
        }
    }

    private static long records(Bookkeeping books) {
        return books.committed().stream()
                .flatMap(List::stream)
                .filter(record -> record.topic().endsWith(".t"))
                .count();
    }

    /** The rest of the transaction did not fit into memory. The server sends all of it once more. */
    @Test
    void aConnectionThatIsLostWithinALargeTransactionDoublesNothing() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("large");
        try (Connection connection = server.connect(database);
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE TABLE t (id int PRIMARY KEY, note text)");
            sql.execute("CREATE PUBLICATION p FOR ALL TABLES");
            sql.execute("SELECT pg_create_logical_replication_slot('" + database + "', 'pgoutput')");
            sql.execute("INSERT INTO t SELECT i, repeat('x', 300) FROM generate_series(1, 30000) i");
            Map<String, String> properties = TaskProperties.of(server, database);
            properties.put("memory_bytes", "1048576");
            Bookkeeping books = new Bookkeeping(properties);
            books.start();
            Await.until("a part of the transaction", () -> books.poll() && books.openRecords() > 0);
            server.ask("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
                    + database + "'");
            Set<String> positions = new HashSet<>();
            Await.until("the transaction", Duration.ofMinutes(1), () -> {
                books.poll();
                return books.committed().stream().anyMatch(records -> records.size() >= 30_000);
            });
            books.stop();
            for (List<SourceRecord> transaction : books.committed()) {
                for (SourceRecord record : transaction) {
                    if (record.topic().endsWith(".t")) {
                        String line = new String((byte[]) record.value(), StandardCharsets.UTF_8);
                        assertTrue(positions.add(position(line)), line);
                    }
                }
            }
            assertEquals(30_000, positions.size());
        }
    }
}
