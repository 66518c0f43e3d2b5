package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 5: a slot that is older than its publication leads to no silent gap, on any version. */
class OldSlotIT {

    @TempDir
    Path directory;

    /** 14 to 17 stop by themselves; 18 only warns, and leaves the rows out. */
    @EachPostgres
    void invariant5ASlotOlderThanItsPublicationIsFatalAndNothingIsAcknowledged(int version) throws Exception {
        try (Bench bench = Bench.on(PgServer.shared(version), directory)) {
            bench.createSlot().sql("INSERT INTO users VALUES (1, 'skipped')").createPublication();
            String confirmed = confirmedFlush(bench);
            // more than once: the second start must not take the first one's queue for an answer
            for (int run = 0; run < 2; run++) {
                ErrorCode code = version >= 18 ? ErrorCode.PUBLICATION_SKIPPED : ErrorCode.PUBLICATION_SLOT_ORDER;
                Refusal.of(bench.logs(), bench.arguments(bench.url(PgServer.SUPERUSER), "--until-caught-up"))
                        .is(code)
                        .says("\"" + Bench.PUBLICATION + "\"", "slot \"" + bench.slot() + "\"")
                        .says(bench.where(PgServer.SUPERUSER), "--create-slot", "--queue-dir");
                assertEquals(confirmed, confirmedFlush(bench));
            }
            if (version < 18) {
                theAdviceHelps(bench);
            }
        }
    }

    /** The slot goes past the stretch that it cannot read; what comes later is captured. */
    private void theAdviceHelps(Bench bench) throws Exception {
        bench.sql("SELECT pg_replication_slot_advance('" + bench.slot() + "', pg_current_wal_lsn())");
        bench.sql("INSERT INTO users VALUES (2, 'later')");
        try (CdcProcess cdc = bench.start("--until-caught-up", "--accept-gap")) {
            assertEquals(0, cdc.awaitExit(), cdc.stderr());
            assertTrue(Files.readString(cdc.stdout()).contains("\"new_data\":{\"id\":2,\"name\":\"later\"}"));
        }
    }

    @EachPostgres
    void publicationAndSlotCreatedTogetherCaptureTheFirstRow(int version) throws Exception {
        try (Bench bench = Bench.on(PgServer.shared(version), directory)) {
            bench.captured("--create-slot", "--create-publication", "--table", "public.users");
            bench.sql("INSERT INTO users VALUES (1, 'first')");
            try (CdcProcess cdc = bench.start("--until-caught-up")) {
                assertEquals(0, cdc.awaitExit(), cdc.stderr());
                assertEquals("", cdc.complaints());
                List<String> lines = Files.readAllLines(cdc.stdout());
                assertEquals(1, lines.size(), lines.toString());
                assertEquals(1, lines.get(0).split("\"new_data\":\\{\"id\":1,\"name\":\"first\"}", -1).length - 1);
            }
        }
    }

    private static String confirmedFlush(Bench bench) throws Exception {
        return bench.ask(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + bench.slot() + "'");
    }
}
