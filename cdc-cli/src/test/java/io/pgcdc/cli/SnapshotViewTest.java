package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.cli.progress.Work;
import io.pgcdc.snapshot.SnapshotProgress;
import io.pgcdc.snapshot.SnapshotStatus;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a person sees of a snapshot. */
class SnapshotViewTest {

    private static final SnapshotProgress HALF =
            new SnapshotProgress(4, 1, 1_000, 570, 0, 1_710_000, 310_000_000, 4_000_000_000L, Set.of());

    private static SnapshotStatus status(SnapshotStatus.State state, SnapshotProgress progress) {
        return new SnapshotStatus("mx1v6r6e", state, List.of(), List.of(), null, progress, null);
    }

    @Test
    void theBarFillsTheTerminalsWidth() {
        SnapshotStatus reading = status(SnapshotStatus.State.READING, HALF);
        assertEquals(
                "snapshot mx1v6r6e [###########---------] 57%  1.7 M rows  310 MB  428 k/s  ~3 s",
                ProgressText.bar(reading, 80));
        assertEquals("snapshot mx1v6r6e 57%  1.7 M rows  310 MB  428 k/s  ~3 s", ProgressText.bar(reading, 57));
    }

    @Test
    void aBarOfOtherWorkKeepsItsNumbersHoweverLongTheSinksNameIs() {
        assertEquals(
                "reading WAL [##############-----------------------------] 34%  17 GB of 50 GB  90 MB/s  ~6 min",
                ProgressText.bar(work(Work.Kind.READING, null), 95));
        assertEquals(
                "replay out [#########--------------------] 34%  17 GB of 50 GB  90 MB/s  ~6 min",
                ProgressText.bar(work(Work.Kind.REPLAY, "out"), 80).stripTrailing());
        assertEquals(
                "sink " + "x".repeat(36) + "~ 34%  17 GB of 50 GB  90 MB/s  ~6 min",
                ProgressText.bar(work(Work.Kind.DELIVERY, "x".repeat(64)), 80).stripTrailing());
    }

    @Test
    void linesOfTheLogTellTheSame() {
        assertEquals(
                "sink out gets its replay: 34%, 17 GB of 50 GB, 90 MB/s, about 6 min left",
                ProgressText.line(work(Work.Kind.REPLAY, "out")));
        assertEquals(
                "caught up with the server: 17 GB of WAL in 3 min", ProgressText.end(work(Work.Kind.READING, null)));
        assertEquals(
                "sink out has caught up with the queue: 17 GB in 3 min",
                ProgressText.end(work(Work.Kind.DELIVERY, "out")));
    }

    private static Work work(Work.Kind kind, @Nullable String sink) {
        return new Work(kind, sink, 17_000_000_000L, 33_000_000_000L, 90e6, 367, 190);
    }

    @Test
    void theEndTellsWhatWasRead() {
        assertEquals(
                "snapshot mx1v6r6e: cancelled, 1,710,000 rows of 4 tables, 310 MB in 4 s",
                ProgressText.end(status(SnapshotStatus.State.CANCELLED, HALF)));
    }

    @Test
    void amountsAreShort() {
        assertEquals("999 B", Amounts.bytes(999));
        assertEquals("1.0 kB", Amounts.bytes(1_000));
        assertEquals("9.9 TB", Amounts.bytes(9_900_000_000_000L));
        assertEquals("99%", Amounts.percent(0.9999));
        assertEquals("119 s", Amounts.seconds(119));
        assertEquals("2 min", Amounts.seconds(120));
        assertEquals("2.5 h", Amounts.seconds(9_000));
    }

    @Test
    void whatASnapshotWaitsForIsTold() throws Exception {
        List<String> lines = SnapshotTableView.lines(new ObjectMapper().readTree("""
                [{"id":"mx1v6r6e","state":"reading","tables":1,"tables_done":0,"waits_for_xids":[771,3000000000],"error":null}]
                """));
        assertEquals("  WHERE backend_xid::text IN ('771', '3000000000')", lines.get(3));
        lines.forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    void unknownTimesAreNotTold() {
        assertEquals(-1, SnapshotProgress.NONE.secondsLeft());
        assertEquals(0, SnapshotProgress.NONE.rowsPerSecond());
        assertEquals(0, SnapshotProgress.NONE.share());
        assertEquals(3, HALF.secondsLeft());
    }

    @Test
    void tableOfSnapshotsFits() throws Exception {
        List<String> lines = SnapshotTableView.lines(new ObjectMapper().readTree("""
                [{"id":"initial","state":"finished","tables":12,"tables_done":12,"share_estimated":1.0,"rows":1234567890,
                  "bytes":310000000000,"rows_per_second":1234567,"seconds_left_estimated":0,"error":null},
                 {"id":"mx1v6r6e","state":"reading","tables":1,"tables_done":0,"share_estimated":0.571,"rows":1710000,
                  "bytes":310000000,"rows_per_second":412000,"seconds_left_estimated":4,"error":null},
                 {"id":"mx1v6r6f","state":"waiting","tables":0,"tables_done":0,"share_estimated":1.0,"rows":0,
                  "bytes":0,"rows_per_second":0,"seconds_left_estimated":null,"error":null}]
                """));
        assertEquals(4, lines.size());
        assertEquals("mx1v6r6e  reading    57%    0/1     1,710,000  310 MB   412,000      ~4 s", lines.get(2));
        assertEquals("mx1v6r6f  waiting      -      -             -       -         -         -", lines.get(3));
        lines.forEach(line -> assertTrue(line.length() <= 80, line));
    }
}
