package io.pgcdc.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.pipeline.CollectingSink;
import io.pgcdc.pipeline.RunningPipeline;
import io.pgcdc.pipeline.TestSource;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.net.FaultProxy;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.sink.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The replication connection against real servers. */
class WireTest {

    @TempDir
    Path directory;

    private TestSource source(int version) throws Exception {
        return new TestSource(PgServer.shared(version), directory);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    // ---- settings

    /** Defaults of a role or a database that would each show in the text of a value, or end the session. */
    private static final List<String> ODD_DEFAULTS = List.of(
            "timezone = 'America/St_Johns'",
            "datestyle = 'SQL, DMY'",
            "intervalstyle = 'sql_standard'",
            "extra_float_digits = -5",
            "bytea_output = 'escape'",
            "quote_all_identifiers = on",
            "lc_monetary = 'C.UTF-8'",
            "standard_conforming_strings = off",
            "search_path = shop, public",
            "client_min_messages = 'error'",
            "statement_timeout = '1s'",
            "lock_timeout = '1s'",
            "idle_in_transaction_session_timeout = '1s'",
            "idle_session_timeout = '1s'");

    private static final Map<String, String> VALUES = values();

    /** Expression of the value inserted, and its text in the stream. */
    private static Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("timestamptz '2026-03-04 05:06:07.000089+05:30'", "2026-03-03 23:36:07.000089+00");
        values.put("timestamp '2026-03-04 05:06:07'", "2026-03-04 05:06:07");
        values.put("date '2026-03-04'", "2026-03-04");
        values.put("timetz '05:06:07+05:30'", "05:06:07+05:30");
        values.put("interval '1 year 2 mons -3 days 04:05:06'", "1 year 2 mons -3 days +04:05:06");
        values.put("float8 '0.1'", "0.1");
        values.put("float8 '3.141592653589793'", "3.141592653589793");
        values.put("float4 '1.17549435e-38'", "1.1754944e-38");
        values.put("bytea '\\x00ff41'", "\\x00ff41");
        values.put("money '1234.5'", "$1,234.50");
        values.put("regclass 'shop.things'", "shop.things");
        values.put("regtype 'shop.kind'", "shop.kind");
        values.put("tstzrange('2026-03-04 05:06:07+00', null)", "[\"2026-03-04 05:06:07+00\",)");
        return values;
    }

    @ParameterizedTest
    @CsvSource({"14, ROLE", "18, ROLE", "14, DATABASE", "18, DATABASE"})
    void textOfValuesIsAsPinnedWhateverJvmRoleAndDatabaseSay(int version, String whose) throws Exception {
        TimeZone zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
        try (TestSource source = source(version)) {
            String role = source.database() + "_role";
            source.sql(
                    "CREATE SCHEMA shop",
                    "CREATE TYPE shop.kind AS ENUM ('a')",
                    "CREATE TABLE shop.things (id int PRIMARY KEY)",
                    "CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD '" + PgServer.password() + "'");
            String target = whose.equals("ROLE") ? "ROLE " + role : "DATABASE " + source.database();
            for (String setting : ODD_DEFAULTS) {
                source.sql("ALTER " + target + " SET " + setting);
            }
            source.url("postgresql://" + role + ":" + PgServer.password() + "@localhost:"
                    + source.server().port() + "/" + source.database());
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                StringBuilder select = new StringBuilder("SELECT 1 AS id");
                int column = 0;
                for (String expression : VALUES.keySet()) {
                    select.append(", ").append(expression).append(" AS c").append(column++);
                }
                source.sql("CREATE TABLE v AS " + select + " WITH NO DATA", "INSERT INTO v " + select);
                run.finish();
            }
            Map<String, @Nullable String> row =
                    new LinkedHashMap<>(sink.seen().get(sink.seen().size() - 1).row());
            row.remove("id");
            assertEquals(List.copyOf(VALUES.values()), List.copyOf(row.values()));
            source.sql("REASSIGN OWNED BY " + role + " TO postgres", "DROP ROLE " + role);
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    /** The walsender's own transaction lasts as long as it decodes one of the source's. */
    @Test
    void aTransactionLongerThanTheRolesTransactionTimeoutArrivesWhole() throws Exception {
        try (TestSource source = source(18)) {
            String role = source.database() + "_role";
            source.sql(
                    "CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD '" + PgServer.password() + "'",
                    "ALTER ROLE " + role + " SET transaction_timeout = '100ms'");
            try {
                source.url("postgresql://" + role + ":" + PgServer.password() + "@localhost:"
                        + source.server().port() + "/" + source.database());
                source.sql(
                        "CREATE PUBLICATION everything FOR ALL TABLES",
                        "SELECT pg_create_logical_replication_slot('" + source.slot() + "', 'pgoutput')",
                        "INSERT INTO t SELECT n FROM generate_series(1, 100000) n");
                CollectingSink sink = new CollectingSink();
                try (RunningPipeline run = new RunningPipeline(source, sink)) {
                    run.finish();
                }
                assertEquals(100_000, sink.seen().size());
            } finally {
                source.sql("DROP ROLE " + role);
            }
        }
    }

    @EachPostgres
    void theServersLastWordsAreInTheMessage(int version) throws Exception {
        try (TestSource source = source(version)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t VALUES (1)");
                Await.until("the row", () -> sink.seen().size() == 1);
                source.endWalsender();
                source.assertLastWords(run.awaitEnd());
            }
        }
    }

    // ---- keepalives and status

    @EachPostgres
    void keepalivesAreAnsweredWhileASinkHangsAndABacklogIsRead(int version) throws Exception {
        try (PgServer server = PgServer.start(version, Map.of("wal_sender_timeout", "2s"));
                TestSource source = new TestSource(server, directory)) {
            CountDownLatch release = new CountDownLatch(1);
            CollectingSink sink = new CollectingSink().answering(batch -> {
                release.await();
                return Durability.DURABLE;
            });
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t SELECT n, repeat('x', 500) FROM generate_series(1, 50000) n");
                String walsender = walsender(source);
                Await.until("the batch", () -> !sink.offered().isEmpty());
                // twice the server's timeout
                source.awaitStatusAfter("4 s");
                run.rethrow();
                assertEquals(walsender, walsender(source));
                release.countDown();
                run.finish();
            }
            assertEquals(numbers(1, 50_000), sink.column("id"));
        }
    }

    private static String walsender(TestSource source) throws Exception {
        return source.ask("SELECT active_pid FROM pg_replication_slots WHERE slot_name = '" + source.slot() + "'");
    }

    @EachPostgres
    void theStatusIntervalIsAsConfigured(int version) throws Exception {
        try (TestSource source = source(version).statusIntervalMs(200);
                RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
            NavigableSet<Double> replies = new TreeSet<>();
            // The server asks for more while it writes WAL of its own, as after its start, so the pace is that of five
            // in a row. More than one in 30 s would not come by itself: the server asks after half its timeout of 60 s.
            Await.until("five replies at the interval's pace", () -> {
                // null until the first status has come
                String reply = source.ask("SELECT extract(epoch FROM r.reply_time) FROM pg_stat_replication r"
                        + " JOIN pg_replication_slots s ON s.active_pid = r.pid WHERE r.reply_time IS NOT NULL"
                        + " AND s.slot_name = '" + source.slot() + "'");
                if (!reply.equals("no row")) {
                    replies.add(Double.valueOf(reply));
                }
                if (replies.size() > 5) {
                    replies.pollFirst();
                }
                double mean = (replies.isEmpty() ? 0 : replies.last() - replies.first()) / 4;
                return replies.size() == 5 && mean >= 0.15 && mean < 5;
            });
            run.stop();
        }
    }

    @EachPostgres
    void theSlotOfAnIdleDatabaseFollowsWalOfAnother(int version) throws Exception {
        try (TestSource source = source(version);
                RunningPipeline run = new RunningPipeline(source.statusIntervalMs(100), new CollectingSink())) {
            String other = source.server().createDatabase("busy");
            try (Connection connection = source.server().connect(other);
                    Statement statement = connection.createStatement()) {
                statement.execute("SET synchronous_commit = on");
                statement.execute("CREATE TABLE b AS SELECT n FROM generate_series(1, 100000) n");
                long written = source.walLsn();
                Await.until("the slot to follow", () -> Lsn.compare(source.confirmedFlushLsn(), written) >= 0);
            } finally {
                source.server().dropDatabase(other);
            }
            run.stop();
        }
    }

    /** The wait for the slot has no limit; when the server ends it, the error gives the server's reason. */
    @Test
    void aSlotThatIsNotCreatedNamesTheServersReason() throws Exception {
        try (TestSource source = source(18);
                Connection other = source.server().connect(source.database());
                Statement open = other.createStatement()) {
            other.setAutoCommit(false);
            open.execute("INSERT INTO t VALUES (1)");
            CompletableFuture<Object> created = CompletableFuture.supplyAsync(() -> {
                try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                    return run;
                } catch (AssertionError e) {
                    return String.valueOf(e.getCause());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            String ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE backend_type = 'walsender' AND query LIKE 'CREATE_REPLICATION_SLOT%' AND datname = '"
                    + source.database() + "'";
            Await.until("the wait for the slot", () -> source.ask(ended).equals("1"));
            String error = String.valueOf(created.get(40, TimeUnit.SECONDS));
            assertTrue(error.contains("terminating connection due to administrator command"), error);
            other.rollback();
        }
    }

    // ---- the network

    @EachPostgres
    void stallsBetweenAndInsideMessagesDoNotHarmTheStream(int version) throws Exception {
        long seed = System.nanoTime();
        try (TestSource source = source(version);
                FaultProxy proxy = new FaultProxy(source.server().port())) {
            stallAndCompare(source.through(proxy.port()), proxy, seed);
        }
    }

    static void stallAndCompare(TestSource source, FaultProxy proxy, long seed) throws Exception {
        java.util.Random random = new java.util.Random(seed);
        CollectingSink sink = new CollectingSink();
        try (RunningPipeline run = new RunningPipeline(source.statusIntervalMs(100), sink)) {
            proxy.split(3_000, seed);
            int rows = 0;
            for (int round = 0; round < 12; round++) {
                proxy.stallAfter(random.nextInt(20_000));
                source.sql("INSERT INTO t SELECT n, repeat('x', (n * 37) % 900) FROM generate_series(" + (rows + 1)
                        + ", " + (rows + 100) + ") n");
                rows += 100;
                Await.until("the stall", () -> {
                    run.rethrow();
                    return proxy.isStalled();
                });
                // the fault itself: longer than the waits of the reader
                source.sql("SELECT pg_sleep(0.25)");
                proxy.resume();
            }
            run.finish();
            assertEquals(numbers(1, rows), sink.column("id"), "seed " + seed);
        }
    }

    @EachPostgres
    void aCutConnectionIsReportedAndNothingIsLost(int version) throws Exception {
        try (TestSource source = source(version).confirm(ConfirmPolicy.SINKS);
                FaultProxy proxy = new FaultProxy(source.server().port())) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source.through(proxy.port()), sink)) {
                source.sql("INSERT INTO t SELECT n FROM generate_series(1, 100) n");
                Await.until("the rows", () -> sink.seen().size() == 100);
                proxy.stallAfter(30_000);
                source.sql("INSERT INTO t SELECT n, repeat('x', 1000) FROM generate_series(101, 200) n");
                Await.until("the stall inside the transaction", proxy::isStalled);
                proxy.cut();
                proxy.resume();
                SourceException e = assertInstanceOf(SourceException.class, run.awaitEnd());
                assertEquals(ErrorCode.CONNECTION_LOST, e.code());
            }
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                run.finish();
            }
            assertEquals(numbers(1, 100), sink.column("id"));
            assertEquals(numbers(101, 200), second.column("id"));
        }
    }

    /** A peer that vanished says nothing, not even that it is gone. */
    @Test
    void aServerThatVanishesInsideAMessageIsNoticed() throws Exception {
        try (TestSource source = source(18).receiveTimeoutMs(1_000).statusIntervalMs(200);
                FaultProxy proxy = new FaultProxy(source.server().port())) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source.through(proxy.port()), sink)) {
                source.sql("INSERT INTO t VALUES (1)");
                Await.until("the first row", () -> sink.seen().size() == 1);
                proxy.stallAfter(50_000);
                source.sql("INSERT INTO t VALUES (2, repeat('x', 100000))");
                Await.until("the stall", proxy::isStalled);
                SourceException e = endOf(run, proxy, source);
                assertEquals(ErrorCode.CONNECTION_LOST, e.code());
                assertTrue(e.getMessage().contains("nothing received for 1000 ms inside a message"), e.getMessage());
            }
        }
    }

    @Test
    void aServerThatVanishesWhileTheCatalogIsAskedIsNoticed() throws Exception {
        try (TestSource source = source(18).receiveTimeoutMs(1_000).statusIntervalMs(200);
                FaultProxy proxy = new FaultProxy(source.server().port())) {
            try (RunningPipeline run = new RunningPipeline(
                    source.url("postgresql://postgres@localhost:" + proxy.port() + "/" + source.database()
                            + "?connect_timeout=2"),
                    new CollectingSink())) {
                // enough for the relation's message, too little for the row; nothing is left for the catalog's answer
                proxy.stallAfter(50_000);
                source.sql("INSERT INTO t VALUES (2, repeat('x', 100000))");
                Await.until("the stall", proxy::isStalled);
                SourceException e = endOf(run, proxy, source);
                assertTrue(
                        Set.of(ErrorCode.SOURCE_UNREACHABLE, ErrorCode.CONNECTION_LOST)
                                .contains(e.code()),
                        e.getMessage());
            }
        }
    }

    @Test
    void aServerThatVanishesBetweenMessagesIsNoticed() throws Exception {
        try (TestSource source = source(18).receiveTimeoutMs(1_000).statusIntervalMs(200);
                FaultProxy proxy = new FaultProxy(source.server().port())) {
            try (RunningPipeline run = new RunningPipeline(source.through(proxy.port()), new CollectingSink())) {
                proxy.stallAfter(0);
                SourceException e = endOf(run, proxy, source);
                assertEquals(ErrorCode.CONNECTION_LOST, e.code());
                assertTrue(e.getMessage().contains("nothing was received from"), e.getMessage());
            }
        }
    }

    private static SourceException endOf(RunningPipeline run, FaultProxy proxy, TestSource source) throws Exception {
        Await.until("the end of the run", () -> !run.isRunning());
        // the walsender behind the proxy notices too, and lets go of the slot
        proxy.cut();
        proxy.resume();
        source.awaitSlotFree();
        return assertInstanceOf(SourceException.class, run.awaitEnd());
    }
}
