package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.history.History;
import io.pgcdc.servers.net.FaultProxy;
import io.pgcdc.servers.process.ServerProcess;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.TpcB;
import io.pgcdc.testkit.history.Comparison;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command under TPC-B load, with real kills and a real network that fails: the history adds up to the tables. */
class FaultIT {

    /** What happens, in turn. */
    enum Fault {
        CAPTURE_KILLED,
        SERVER_STOPPED_IMMEDIATELY,
        BOTH_KILLED,
        CONNECTIONS_CUT,
        NETWORK_STALLED,
        NETWORK_HALF_CLOSED
    }

    /** Strikes of each fault. */
    private static final int ROUNDS = Integer.getInteger("pgcdc.fault.rounds", 1);

    private static final List<Fault> FAULTS = List.of(Fault.values());
    private static final int VERSION = Integer.getInteger("pgcdc.fault.version", 18);
    private static final String DATABASE = "postgres";

    @TempDir
    Path directory;

    /** Invariants 1, 2, 3 and 5. */
    @Test
    void theHistoryAddsUpToTheTables() throws Exception {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println("FaultIT, seed " + seed);
        Random random = new Random(seed);
        History history = new History(TpcB.KEYS);
        try (ServerProcess server = ServerProcess.create(
                                VERSION, directory.resolve("data"), "wal_sender_timeout = '4s'")
                        .start();
                FaultProxy proxy = new FaultProxy(server.port())) {
            try (Connection connection = server.connect(DATABASE)) {
                TpcB.create(connection);
                server.sql(DATABASE, CdcProcess.PUBLISH_EVERYTHING, CdcProcess.createSlot("fault"));
                TpcB.fill(connection);
            }
            try (CdcProcess run = underLoad(server, proxy, random, history)) {
                run.terminate();
                assertEquals(0, run.awaitExit(), run.stderr());
                read(history, run.stdout());
            }
            try (CdcProcess last = start(proxy, "--until-caught-up")) {
                assertEquals(0, last.awaitExit(), last.stderr());
                read(history, last.stdout());
            }
            try (Connection connection = server.connect(DATABASE)) {
                Comparison.compare(connection, TpcB.KEYS, history);
            }
            System.out.println("FaultIT on " + VERSION + ": " + ROUNDS + " strikes of each of " + FAULTS + ", "
                    + history.size() + " changes, " + history.repeats() + " lines repeated");
        }
    }

    /** Works, and strikes, and leaves a run that stood all of it. */
    private CdcProcess underLoad(ServerProcess server, FaultProxy proxy, Random random, History history)
            throws Exception {
        CdcProcess run = start(proxy);
        try (TpcB load = new TpcB(() -> server.connect(DATABASE), random.nextLong())) {
            for (int round = 0; round < ROUNDS * FAULTS.size(); round++) {
                Fault fault = FAULTS.get(round % FAULTS.size());
                CdcProcess current = run;
                long until = load.answered() + 100 + random.nextInt(Soak.count(500, 1_500));
                long bytes = current.stdoutBytes() + 1 + random.nextInt(400_000);
                current.await(
                        "load and output before " + fault,
                        () -> load.answered() > until && current.stdoutBytes() > bytes);
                run = strike(fault, server, proxy, run, random, history);
            }
            CdcProcess current = run;
            long behind = current.stdoutBytes();
            current.await("output after the last fault", () -> current.stdoutBytes() > behind);
            return run;
        } catch (Throwable e) {
            run.close();
            throw e;
        }
    }

    /** The run that goes on afterwards. */
    private CdcProcess strike(
            Fault fault, ServerProcess server, FaultProxy proxy, CdcProcess run, Random random, History history)
            throws Exception {
        switch (fault) {
            case CAPTURE_KILLED -> {
                run.kill();
                read(history, run.stdout());
                return start(proxy);
            }
            case SERVER_STOPPED_IMMEDIATELY -> {
                server.stopImmediately();
                server.start();
            }
            case BOTH_KILLED -> {
                server.kill();
                run.kill();
                read(history, run.stdout());
                server.start();
                return start(proxy);
            }
            case CONNECTIONS_CUT -> {
                proxy.stallAfter(random.nextInt(100_000));
                run.await("the stall", proxy::isStalled);
                proxy.cut();
                proxy.resume();
            }
            case NETWORK_STALLED -> {
                // as if the other end had vanished: both sides have to notice by their clocks
                proxy.abandon();
            }
            case NETWORK_HALF_CLOSED -> proxy.halfClose();
        }
        return run;
    }

    private CdcProcess start(FaultProxy proxy, String... more) throws Exception {
        Path config = directory.resolve("cdc.yaml");
        Files.write(
                config,
                List.of(
                        "source:",
                        "  url: postgresql://postgres@localhost:" + proxy.port() + "/" + DATABASE,
                        "  slot: fault",
                        "  publications: [everything]",
                        "  status_interval_ms: 500",
                        "  receive_timeout_ms: 3000",
                        "queue: {dir: " + directory.resolve("queue") + ", segment_bytes: 16384}",
                        "sinks:",
                        "  - {name: out, type: stdout}"));
        return CdcProcess.run(directory, more);
    }

    /** A kill may tear the last line; all others are whole. */
    private static void read(History history, Path file) throws Exception {
        history.restarted();
        String text = Files.readString(file);
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(history::add);
    }
}
