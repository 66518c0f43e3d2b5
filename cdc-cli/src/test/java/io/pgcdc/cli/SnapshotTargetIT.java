package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.MixedWorkload;
import io.pgcdc.testkit.history.Comparison;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged command writes the rows that exist into a PostgreSQL database under a mixed load, on order and for a sink that is added
 * later, and is killed meanwhile, while tables are rewritten.
 */
class SnapshotTargetIT {

    private static final int ROUNDS = Soak.count(1, 5);

    /** Kills in a round, while ordered rows are read, and as many while those of the added sink are. */
    private static final int KILLS = Soak.count(1, 3);

    private static final String LOG = "cdc_pattern.log";

    private static final String SINKS = """
            - {name: log, type: change_logs, table: log, table_names: qualified, url: "%1$s", create: true}
            - {name: changes, type: change_logs, table: changes, table_names: qualified, url: "%1$s", create: true}
            - {name: replica, type: projection, schema: replica, url: "%1$s", create: true, origin: "off"}
            """;

    private static final String ADDED = """
            - {name: added, type: projection, schema: added, url: "%1$s", create: true, origin: "off", start: snapshot}
            """;

    private static final Map<String, List<String>> KEYS = SnapshotBench.keys(MixedWorkload.KEYS);

    @TempDir
    Path directory;

    @Test
    void orderedRowsAndThoseOfAnAddedSinkArriveOnce() throws Exception {
        play(18);
    }

    @Tag("soak")
    @EachPostgres
    void orderedRowsAndThoseOfAnAddedSinkArriveOnceOnEachVersion(int version) throws Exception {
        play(version);
    }

    private void play(int version) throws Exception {
        SnapshotBench.play(
                getClass().getSimpleName() + " on " + version, version, directory, ROUNDS, SnapshotTargetIT::round);
    }

    private static void round(SnapshotBench bench, Random random) throws Exception {
        try (Connection connection = bench.connect()) {
            MixedWorkload.create(connection);
            MixedWorkload workload = new MixedWorkload(connection, random.nextLong(), Soak.count(400, 4_000));
            workload.run(Soak.count(3_000, 30_000));
            underLoad(bench, workload, random);
        }
        SnapshotResult.assertFollows(bench, "replica", KEYS);
        SnapshotResult.assertFollows(bench, "added", KEYS);
        Comparison.compare(bench.source(), KEYS, SnapshotResult.replayed(bench, LOG, KEYS));
        SnapshotResult.assertReadOnce(bench, LOG, SnapshotBench.STILL, SnapshotBench.STILL_ROWS);
        // a sink for which nothing was ordered gets the same changes, and no row
        String changes =
                "SELECT count(*), md5(string_agg(commit_lsn || ':' || ordinal || table_name || change_type, ','"
                        + " ORDER BY change_id)) FROM %s WHERE %s";
        assertEquals(
                SnapshotResult.line(bench, changes.formatted(LOG, "change_type <> 'READ'")),
                SnapshotResult.line(bench, changes.formatted("cdc_pattern.changes", "true")));
        System.out.println("SnapshotTargetIT: rows and changes "
                + SnapshotResult.line(
                        bench, "SELECT count(*) FILTER (WHERE change_type = 'READ'), count(*) FROM " + LOG));
    }

    /** Kills runs while the workload goes on, and ends with one that is not killed. */
    private static void underLoad(SnapshotBench bench, MixedWorkload workload, Random random) throws Exception {
        String sinks = SINKS.formatted(bench.targetUrl());
        String more = sinks + ADDED.formatted(bench.targetUrl());
        try (Load load = new Load(workload)) {
            for (int i = 0; i < KILLS; i++) {
                try (CdcProcess run = bench.start("never", sinks)) {
                    if (i == 0) {
                        bench.order(run, "log", "replica");
                    }
                    load.more(); // before the order, the replica would lack the rows that an UPDATE changes
                    bench.kill(run, LOG, "mix.narrow");
                }
            }
            for (int i = 0; i < KILLS; i++) {
                try (CdcProcess run = bench.start("never", more)) {
                    load.more();
                    if (random.nextBoolean()) {
                        bench.kill(run, LOG, "mix.wide");
                    } else {
                        bench.awaitRows(run, "added.still", 1 + random.nextInt(SnapshotBench.STILL_ROWS));
                        bench.kill(run);
                    }
                }
            }
            try (CdcProcess run = bench.start("never", more)) {
                load.more();
                bench.awaitMore(run, LOG);
                load.end();
                bench.finish(run, () -> isLast(bench));
            }
        }
    }

    /** Returns true if every sink has the last change. */
    private static boolean isLast(SnapshotBench bench) throws SQLException {
        String logged = "SELECT count(*) FROM cdc_pattern.%s WHERE table_name = '" + SnapshotBench.LAST + "'";
        return bench.rows("replica.last") > 0
                && bench.rows("added.last") > 0
                && bench.ask(logged.formatted("log")) > 0
                && bench.ask(logged.formatted("changes")) > 0;
    }

    /** Works on its own thread until it is closed. */
    private static final class Load implements AutoCloseable {

        /** Changes while one run of the command lives: as many as the bench may wait for. In a build, all of them cost CPU. */
        private static final long CHANGES = Soak.count(SnapshotBench.MOST_ROWS, 30_000);

        private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(Soak.count(20, 0));

        private final MixedWorkload workload;
        private final Thread thread;
        private final AtomicLong left = new AtomicLong();
        private volatile boolean stopped;
        private volatile @Nullable SQLException failure;

        Load(MixedWorkload workload) {
            this.workload = workload;
            thread = new Thread(this::run, "load");
            thread.start();
        }

        /** Begins to work, or goes on. */
        void more() {
            left.set(CHANGES);
        }

        private void run() {
            try {
                while (!stopped) {
                    if (left.get() > 0) {
                        long before = workload.changes();
                        workload.run(1);
                        left.addAndGet(before - workload.changes());
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (SQLException e) {
                failure = e;
            }
        }

        /** Ends after the current transaction. */
        void end() throws SQLException {
            close();
            SQLException trouble = failure;
            if (trouble != null) {
                throw trouble;
            }
        }

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
}
