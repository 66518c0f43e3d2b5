package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.capture.Chunk;
import io.pgcdc.capture.ChunkRows;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.queue.ChunkMarks;
import io.pgcdc.queue.LedgerFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SnapshotJobTest {

    private final Ledger ledger = Ledger.open(new LedgerFile() {
        @Override
        public @Nullable String read() {
            return null;
        }

        @Override
        public void write(String text) {
            written.add(text);
        }
    });

    private final List<String> written = new ArrayList<>();
    private long nanos;
    private long safeWal = Long.MAX_VALUE;

    private SnapshotJob job(int parallel, long rowsPerSecond, SnapshotTable... tables) {
        ledger.intend();
        ledger.plan(5, List.of(tables));
        ledger.bound(List.of(tables));
        SnapshotConfig config =
                new SnapshotConfig(SnapshotMode.INITIAL, parallel, 4 * 8_192, rowsPerSecond, 0, 0, false);
        return new SnapshotJob(
                ledger, List.of(tables), config, config.chunkBlocks(), 0, () -> nanos, () -> safeWal, () -> {});
    }

    private static void deliver(SnapshotJob job, ChunkRange range, int count) {
        ChunkRows rows = job.emptyRows();
        assertEquals(0, rows.count());
        for (int i = 0; i < count; i++) {
            rows.add(new byte[] {'I'}, 1);
        }
        job.deliver(range, rows);
    }

    private static ChunkRange take(SnapshotJob job) throws InterruptedException {
        ChunkRange range = job.take(0);
        assertNotNull(range);
        return range;
    }

    @Test
    void largeTablesComeFirst() throws Exception {
        SnapshotJob job = job(8, 0, TestTables.table(1, "small", 2), TestTables.table(2, "large", 6));
        assertEquals("public.large 0.0-4.0", take(job).toString());
        assertEquals("public.large 4.0-6.0", take(job).toString());
        assertEquals("public.small 0.0-2.0", take(job).toString());
        assertNull(job.take(0));
        assertFalse(job.isRead());
    }

    @Test
    void aRangeThatIsTooLargeIsDivided() throws Exception {
        SnapshotJob job = job(8, 0, TestTables.table(1, "wide", 8));
        job.divide(take(job), job.emptyRows());
        assertEquals("public.wide 0.0-2.0", take(job).toString());
        assertEquals("public.wide 2.0-4.0", take(job).toString());
        assertEquals("public.wide 4.0-6.0", take(job).toString(), "later ranges are smaller, too");
    }

    @Test
    void aRangeThatCouldNotBeReadIsTakenAgain() throws Exception {
        SnapshotJob job = job(8, 0, TestTables.table(1, "t", 8));
        ChunkRange first = take(job);
        job.giveBack(first, job.emptyRows());
        assertEquals(first, take(job));
    }

    @Test
    void readersWaitForCapture() throws Exception {
        SnapshotJob job = job(1, 0, TestTables.table(1, "t", 20));
        for (int i = 0; i < 3; i++) {
            ChunkRange range = take(job);
            deliver(job, range, 1);
        }
        assertNull(job.take(0), "two chunks are ready, and one is held back");
        assertNotNull(job.poll());
        assertNotNull(job.take(0));
    }

    @Test
    void aLimitOfRowsSlowsReading() throws Exception {
        SnapshotJob job = job(8, 1_000, TestTables.table(1, "t", 8));
        ChunkRange range = take(job);
        deliver(job, range, 500);
        nanos += 499_000_000;
        assertNull(job.take(0));
        nanos += 1_000_000;
        assertNotNull(job.take(0));
    }

    /** The server keeps its WAL while rows are read before the stream. */
    @Test
    void theRestIsLeftWhenLittleWalMayBeWritten() throws Exception {
        SnapshotJob job = job(8, 0, TestTables.table(1, "t", 12));
        ChunkRange range = take(job);
        safeWal = -1;
        job.tend();
        assertFalse(job.isRead());
        nanos += 11_000_000_000L;
        job.tend();
        assertNull(job.take(0));
        deliver(job, range, 1);
        assertTrue(job.isRead());
        Chunk chunk = job.poll();
        assertNotNull(chunk);
        job.appended(chunk, 1);
        job.finish();
        assertFalse(written.get(written.size() - 1).contains("FINISHED"));
    }

    /** A table that changes is left for later; what the others gave is not. */
    @Test
    void noChunkIsLostWhenATableIsLeft() throws Exception {
        for (long seed = 0; seed < 300; seed++) {
            Random chance = new Random(seed);
            SnapshotJob job = job(
                    3,
                    0,
                    TestTables.table(1, "a", 1 + chance.nextInt(20)),
                    TestTables.table(2, "b", 1 + chance.nextInt(20)),
                    TestTables.table(3, "c", 1 + chance.nextInt(3)));
            int delivered = 0;
            int given = 0;
            List<ChunkRange> reading = new ArrayList<>();
            while (!job.isDrained()) {
                ChunkRange range = chance.nextBoolean() ? job.take(0) : null;
                if (range != null) {
                    reading.add(range);
                } else if (!reading.isEmpty() && chance.nextBoolean()) {
                    ChunkRange read = reading.remove(chance.nextInt(reading.size()));
                    if (chance.nextInt(4) == 0) {
                        boolean all = chance.nextInt(4) == 0;
                        job.postpone(
                                read,
                                job.emptyRows(),
                                changed(all ? ErrorCode.SNAPSHOT_GONE : ErrorCode.SNAPSHOT_TABLE_CHANGED));
                    } else {
                        int rows = chance.nextInt(3);
                        deliver(job, read, rows);
                        delivered += rows;
                    }
                } else {
                    Chunk chunk = job.poll();
                    if (chunk != null) {
                        given += chunk.rows().count();
                        job.appended(chunk, given);
                    }
                }
            }
            assertEquals(delivered, given, "seed " + seed);
        }
    }

    private static SourceException changed(ErrorCode code) {
        return new SourceException(code, "the table was rewritten");
    }

    /** Whatever the order in which ranges are read, and whichever are empty, the first and the last rows are marked. */
    @Test
    void theFirstAndTheLastRowsAreMarked() throws Exception {
        for (long seed = 0; seed < 200; seed++) {
            Random chance = new Random(seed);
            SnapshotJob job = job(
                    3,
                    0,
                    TestTables.table(1, "a", chance.nextInt(20)),
                    TestTables.table(2, "b", chance.nextInt(20)),
                    TestTables.table(3, "c", chance.nextInt(3)));
            List<Chunk> given = new ArrayList<>();
            List<ChunkRange> reading = new ArrayList<>();
            while (!job.isDrained()) {
                ChunkRange range = chance.nextBoolean() ? job.take(0) : null;
                if (range != null) {
                    reading.add(range);
                } else if (!reading.isEmpty() && chance.nextBoolean()) {
                    ChunkRange read = reading.remove(chance.nextInt(reading.size()));
                    deliver(job, read, chance.nextInt(3));
                } else {
                    Chunk chunk = job.poll();
                    if (chunk != null) {
                        given.add(chunk);
                        job.appended(chunk, given.size());
                    }
                }
            }
            assertMarked(given, "seed " + seed);
            job.finish();
            assertTrue(written.get(written.size() - 1).contains("phase FINISHED"));
        }
    }

    private static void assertMarked(List<Chunk> given, String seed) {
        List<Integer> begun = new ArrayList<>();
        List<Integer> ended = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Chunk chunk = given.get(i);
            int table = chunk.relation().oid();
            assertEquals(i == 0, chunk.has(ChunkMarks.FIRST), seed);
            assertEquals(i == given.size() - 1, chunk.has(ChunkMarks.LAST), seed);
            assertEquals(!begun.contains(table), chunk.has(ChunkMarks.FIRST_OF_TABLE), seed);
            assertFalse(ended.contains(table), seed);
            begun.add(table);
            if (chunk.has(ChunkMarks.LAST_OF_TABLE)) {
                ended.add(table);
            }
        }
        assertEquals(
                begun.stream().distinct().sorted().toList(),
                ended.stream().sorted().toList(),
                seed);
    }
}
