package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.servers.process.ServerProcess;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.TpcB;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged command under TPC-B load, writing into another server: change_logs, tables, and an inbox hold everything once, whoever is
 * killed.
 */
class TargetFaultIT {

    /** What happens, in turn. */
    enum Fault {
        CAPTURE_KILLED,
        TARGET_STOPPED_IMMEDIATELY,
        BOTH_KILLED
    }

    /** Strikes of each fault. */
    private static final int ROUNDS = Integer.getInteger("pgcdc.fault.rounds", 1);

    private static final List<Fault> FAULTS = List.of(Fault.values());
    private static final int VERSION = Integer.getInteger("pgcdc.fault.version", 18);
    private static final String DATABASE = "postgres";

    /** Each of TPC-B's lines is an event, too: what its columns are called. */
    private static final String CONFIG = """
            source:
              url: postgresql://postgres@localhost:%1$d/postgres
              slot: fault
              publications: [everything]
              status_interval_ms: 500
            queue: {dir: %3$s, segment_bytes: 16384}
            sinks:
              - {name: log, type: change_logs, url: "postgresql://postgres@localhost:%2$d/postgres", create: true}
              - {name: replica, type: projection, url: "postgresql://postgres@localhost:%2$d/postgres", create: true}
              - name: inbox
                type: inbox
                url: postgresql://postgres@localhost:%2$d/postgres
                create: true
                source_service: bank
                outbox_table: public.history
                id_column: id
                type_column: teller
                aggregate_column: account
                payload_column: delta
            """;

    @TempDir
    Path directory;

    /** What was there before the run that goes on did anything. */
    private long rowsAfterFault;

    /** Invariant 4. */
    @Test
    void everythingArrivesOnce() throws Exception {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println("TargetFaultIT, seed " + seed);
        Random random = new Random(seed);
        try (ServerProcess source = ServerProcess.create(VERSION, directory.resolve("source"))
                        .start();
                ServerProcess target = ServerProcess.create(VERSION, directory.resolve("target"))
                        .start()) {
            Files.writeString(
                    directory.resolve("cdc.yaml"),
                    CONFIG.formatted(source.port(), target.port(), directory.resolve("queue")));
            try (Connection connection = source.connect(DATABASE)) {
                TpcB.create(connection);
                source.sql(DATABASE, CdcProcess.PUBLISH_EVERYTHING, CdcProcess.createSlot("fault"));
                TpcB.fill(connection);
            }
            try (CdcProcess run = underLoad(source, target, random)) {
                run.terminate();
                assertEquals(0, run.awaitExit(), run.stderr());
            }
            try (CdcProcess last = start("--until-caught-up")) {
                assertEquals(0, last.awaitExit(), last.stderr());
            }
            compare(source, target);
            System.out.println("TargetFaultIT on " + VERSION + ": " + ROUNDS + " strikes of each of " + FAULTS + ", "
                    + target.ask(DATABASE, "SELECT count(*) FROM cdc_pattern.change_logs") + " changes");
        }
    }

    /** Works, and strikes, and leaves a run that stood all of it. */
    private CdcProcess underLoad(ServerProcess source, ServerProcess target, Random random) throws Exception {
        CdcProcess run = start();
        try (TpcB load = new TpcB(() -> source.connect(DATABASE), random.nextLong())) {
            for (int round = 0; round < ROUNDS * FAULTS.size(); round++) {
                Fault fault = FAULTS.get(round % FAULTS.size());
                CdcProcess current = run;
                long until = load.answered() + 100 + random.nextInt(Soak.count(500, 1_500));
                long rows = rows(target) + 1 + random.nextInt(2_000);
                current.await("load and rows before " + fault, () -> load.answered() > until && rows(target) > rows);
                LockSupport.parkNanos(random.nextInt(50_000_000)); // at any moment, not just after a commit
                run = strike(fault, target, run);
            }
            CdcProcess current = run;
            long behind = rowsAfterFault;
            current.await("rows after the last fault", () -> rows(target) > behind);
            return run;
        } catch (Throwable e) {
            run.close();
            throw e;
        }
    }

    private CdcProcess strike(Fault fault, ServerProcess target, CdcProcess run) throws Exception {
        switch (fault) {
            case CAPTURE_KILLED -> {
                run.kill();
                rowsAfterFault = rows(target);
                return start();
            }
            case TARGET_STOPPED_IMMEDIATELY -> {
                target.stopImmediately();
                target.start();
                rowsAfterFault = rows(target);
            }
            case BOTH_KILLED -> {
                target.kill();
                run.kill();
                target.start();
                rowsAfterFault = rows(target);
                return start();
            }
        }
        return run;
    }

    private static long rows(ServerProcess target) {
        try {
            return Long.parseLong(
                    target.ask(DATABASE, "SELECT coalesce(max(change_id), 0) FROM cdc_pattern.change_logs"));
        } catch (java.sql.SQLException e) {
            return 0; // it recovers
        }
    }

    private static void compare(ServerProcess source, ServerProcess target) throws Exception {
        for (String table : TpcB.KEYS.keySet()) {
            String checksum =
                    "SELECT count(*) || ' ' || md5(string_agg(t::text, E'\\n' ORDER BY id)) FROM " + table + " t";
            assertEquals(source.ask(DATABASE, checksum), target.ask(DATABASE, checksum), table);
        }
        String transactions = source.ask(DATABASE, "SELECT count(*) FROM history");
        assertEquals(
                transactions + " " + transactions,
                target.ask(
                        DATABASE,
                        "SELECT count(*) || ' ' || count(DISTINCT source_event_id) FROM event_driven.event_inbox"));
        assertEquals(
                source.ask(
                        DATABASE,
                        "SELECT md5(string_agg(concat_ws('|', id, teller, account, delta), ',' ORDER BY id)) FROM history"),
                target.ask(
                        DATABASE,
                        "SELECT md5(string_agg(concat_ws('|', source_event_id, event_type, aggregate_id, event_data), ','"
                                + " ORDER BY source_event_id::bigint)) FROM event_driven.event_inbox"));
        for (String table : List.of("accounts", "tellers", "branches")) {
            assertEquals(
                    transactions,
                    target.ask(
                            DATABASE,
                            "SELECT count(*) FROM cdc_pattern.change_logs WHERE change_type = 'UPDATE' AND table_name = '"
                                    + table + "'"),
                    table);
        }
        assertEquals(
                source.ask(DATABASE, "SELECT md5(string_agg(to_jsonb(h)::text, ',' ORDER BY id)) FROM history h"),
                target.ask(
                        DATABASE,
                        "SELECT md5(string_agg(new_data::text, ',' ORDER BY (new_data ->> 'id')::bigint)) FROM cdc_pattern.change_logs"
                                + " WHERE table_name = 'history'"));
        // the order of ids is the order of positions, and each transaction stands together
        assertEquals(
                "0",
                target.ask(
                        DATABASE,
                        "SELECT count(*) FROM (SELECT (commit_lsn, ordinal) <= lag((commit_lsn, ordinal)) OVER (ORDER BY change_id)"
                                + " AS wrong FROM cdc_pattern.change_logs) p WHERE wrong"));
    }

    private CdcProcess start(String... more) {
        return CdcProcess.run(directory, more);
    }
}
