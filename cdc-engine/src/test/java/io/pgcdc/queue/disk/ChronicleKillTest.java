package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.TestSegments;
import io.pgcdc.servers.testing.Soak;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 1: only durable changes count as durable. Segments that a killed process had synced survive. */
class ChronicleKillTest {

    private static final int ROUNDS = Soak.count(2, 30);

    @TempDir
    Path directory;

    @Test
    void syncedSegmentsSurviveAKill() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String[] synced = killSomewhere(random.nextLong(), 20 + random.nextInt(200));
            long syncedNumber = Long.parseLong(synced[0]);
            long syncedIndex = Long.parseLong(synced[1]);
            assertTrue(syncedNumber > found, "the child went on; seed " + seed);

            long start = System.nanoTime();
            try (ChronicleSegmentStore store = ChronicleSegmentStore.open(directory, 4 << 20, syncedIndex)) {
                long openMs = (System.nanoTime() - start) / 1_000_000;
                assertTrue(openMs < 5000, "opening took ms " + openMs);
                found = countContiguous(store, syncedNumber, syncedIndex, seed);
            }
        }
    }

    private String[] killSomewhere(long seed, int lines) throws Exception {
        Process child = ChildJvm.start(AppendUntilKilled.class, directory.toString(), Long.toString(seed));
        String last = "";
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < lines; i++) {
                last = readLine(out);
            }
            child.toHandle()
                    .destroyForcibly(); // unlike Process.destroyForcibly, this leaves the child's output readable
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.matches("\\d+ \\d+")) {
                    last = line;
                }
            }
        } finally {
            child.destroyForcibly();
        }
        assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        return last.split(" ", -1);
    }

    private static String readLine(BufferedReader out) throws Exception {
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("the child ended by itself");
        }
        return line;
    }

    private static long countContiguous(SegmentStore store, long syncedNumber, long syncedIndex, long seed) {
        SegmentView segment = new SegmentView();
        long expected = 1;
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            for (; reader.next(segment); expected++) {
                assertEquals(expected, TestSegments.check(segment), "seed " + seed);
                if (expected == syncedNumber) {
                    assertEquals(syncedIndex, reader.index());
                }
            }
        }
        assertTrue(
                expected > syncedNumber, "synced " + syncedNumber + " but found " + (expected - 1) + "; seed " + seed);
        return expected - 1;
    }
}
