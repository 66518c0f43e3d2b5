package io.pgcdc.cli;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queue directories that cannot be used, and queues that do not fit the slot: refused, with queue and server left as they were. */
class BadQueueIT {

    private static final String LSN = "[0-9A-F]+/[0-9A-F]+";

    @TempDir
    Path directory;

    private Bench shared(int version) throws Exception {
        return Bench.on(PgServer.shared(version), directory);
    }

    /** A database with publication, slot, and a queue that has captured from it. */
    private Bench captured(int version) throws Exception {
        Bench bench = shared(version).createPublication().createSlot();
        return bench.sql("INSERT INTO users VALUES (1, 'captured')").captured();
    }

    // --- the directory

    @Test
    void queueDirectoryIsAFile() throws Exception {
        try (Bench bench = shared(18)) {
            Files.writeString(bench.queues().resolve("file"), "mine");
            bench.refusedToCreate(bench.url("postgres"), "--queue-dir", bench.queue("file"))
                    .is(ErrorCode.QUEUE_DIRECTORY_UNUSABLE)
                    .says("is not a directory", bench.queue("file"), "Choose another --queue-dir");
            bench.refusedToCreate(bench.url("postgres"), "--queue-dir", bench.queue("file/below"))
                    .is(ErrorCode.QUEUE_DIRECTORY_UNUSABLE)
                    .says(bench.queue("file/below"), "Choose another --queue-dir");
        }
    }

    @Test
    void queueDirectoryHoldsSomethingElse() throws Exception {
        try (Bench bench = shared(18)) {
            Files.createDirectories(bench.queues().resolve("home"));
            Files.writeString(bench.queues().resolve("home/letter.txt"), "mine");
            bench.refusedToCreate(bench.url("postgres"), "--queue-dir", bench.queue("home"))
                    .is(ErrorCode.QUEUE_DIRECTORY_UNUSABLE)
                    .says("\"letter.txt\"", bench.queue("home"), "Choose another --queue-dir");
        }
    }

    @Test
    void queueDirectoryCannotBeMade() throws Exception {
        try (Bench bench = shared(18)) {
            // whoever runs this, root too
            bench.refusedToCreate(bench.url("postgres"), "--queue-dir", "/proc/cdc-queue")
                    .is(ErrorCode.QUEUE_DIRECTORY_UNUSABLE)
                    .says("/proc/cdc-queue", "Choose another --queue-dir");
        }
    }

    /** A refused server leaves no directory behind, however deep the one that was to be made. */
    @Test
    void refusedServerLeavesNoDirectory() throws Exception {
        try (Bench bench = shared(18)) {
            bench.refused(bench.url("postgres"), "--queue-dir", bench.queue("a/b/c"))
                    .is(ErrorCode.SLOT_MISSING);
        }
    }

    /** Restored without them, or removed by hand. What the queue has delivered is then unknown. */
    @Test
    void queueWithoutItsCheckpoints() throws Exception {
        try (Bench bench = captured(18).sql("INSERT INTO users VALUES (2, 'stored')")) {
            bench.captured();
            try (Stream<Path> files = Files.list(Path.of(bench.queue("queue")).resolve("checkpoints"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            bench.refused(bench.url("postgres"))
                    .is(ErrorCode.QUEUE_DAMAGED)
                    .says("no checkpoint of capture", "checkpoints, or a file in it, is gone", "another --queue-dir");
        }
    }

    // --- the queue of another source

    @Test
    void queueOfAnotherSlot() throws Exception {
        try (Bench bench = captured(18)) {
            bench.refusedToCreate(bench.url("postgres"), "--slot", bench.database() + "_other")
                    .is(ErrorCode.QUEUE_OTHER_SOURCE)
                    .says("slot \"" + bench.slot() + "\"", bench.database() + "_other", bench.queue("queue"))
                    .says("another --queue-dir");
        }
    }

    @Test
    void queueOfAnotherDatabase() throws Exception {
        try (Bench bench = captured(18);
                Bench other = shared(18)) {
            bench.dropSlot();
            other.refusedToCreate(other.url("postgres"), "--slot", bench.slot())
                    .is(ErrorCode.QUEUE_OTHER_SOURCE)
                    .says("database \"" + bench.database() + "\"", "database \"" + other.database() + "\"")
                    .says(other.queue("queue"), "another --queue-dir");
        }
    }

    @Test
    void queueOfAnotherSystem() throws Exception {
        try (Bench bench = captured(18);
                Bench other = shared(14)) {
            other.refusedToCreate(other.url("postgres"), "--slot", bench.slot())
                    .is(ErrorCode.QUEUE_OTHER_SOURCE)
                    .says("on system " + system(bench), "on system " + system(other), other.queue("queue"))
                    .says("another --queue-dir");
        }
    }

    private static String system(Bench bench) throws Exception {
        return bench.ask("SELECT system_identifier FROM pg_control_system()");
    }

    // --- the slot went on without the queue (invariant 5)

    @EachPostgres
    void invariant5SlotRecreatedBesideTheQueue(int version) throws Exception {
        try (Bench bench = captured(version)) {
            bench.dropSlot().sql("INSERT INTO users VALUES (2, 'lost')").createSlot();
            bench.refusedToCreate(bench.url("postgres"))
                    .is(ErrorCode.POSITION_GAP)
                    .says(standsAt(bench), bench.where("postgres"), "--accept-gap")
                    .matches("the queue ends at LSN " + LSN + " and slot");
        }
    }

    @EachPostgres
    void invariant5SlotDroppedIsNotCreatedAgain(int version) throws Exception {
        try (Bench bench = captured(version)) {
            bench.dropSlot().sql("INSERT INTO users VALUES (2, 'lost')");
            bench.refusedToCreate(bench.url("postgres"))
                    .is(ErrorCode.SLOT_GONE)
                    .says(
                            "slot \"" + bench.slot() + "\" does not exist",
                            bench.where("postgres"),
                            "--create-slot --accept-gap")
                    .matches("the queue ends at LSN " + LSN + ": changes after it are lost");
            // nor is creating it offered
            bench.refused(bench.url("postgres")).is(ErrorCode.SLOT_GONE);
        }
    }

    /** The first start was cut short before it had recorded anything, and the slot is gone again. */
    @Test
    void slotOfACutShortFirstStartIsNotCreatedUntold() throws Exception {
        try (Bench bench = shared(18).createPublication().createSlot().captured()) {
            Files.delete(bench.queues().resolve("queue/checkpoints/capture"));
            bench.dropSlot();
            bench.refused(bench.url("postgres"))
                    .is(ErrorCode.SLOT_MISSING)
                    .says("slot \"" + bench.slot() + "\" does not exist", bench.where("postgres"), "--create-slot");
        }
    }

    @EachPostgres
    void invariant5SlotAdvancedBeyondTheQueue(int version) throws Exception {
        try (Bench bench = captured(version)) {
            bench.sql("INSERT INTO users VALUES (2, 'lost')");
            bench.sql("SELECT pg_replication_slot_advance('" + bench.slot() + "', pg_current_wal_flush_lsn())");
            bench.refusedToCreate(bench.url("postgres"))
                    .is(ErrorCode.POSITION_GAP)
                    .says(standsAt(bench), bench.where("postgres"), "--accept-gap")
                    .matches("the queue ends at LSN " + LSN + " and slot");
        }
    }

    private static String standsAt(Bench bench) throws Exception {
        String lsn = bench.ask(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + bench.slot() + "'");
        return "slot \"" + bench.slot() + "\" stands at " + lsn + ":";
    }
}
