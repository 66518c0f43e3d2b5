package io.pgcdc.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Invariant 1: nothing is acknowledged before it is safe, and the flush LSN only grows. */
class AcknowledgementTest {

    private static final long START = 100;

    @Test
    void aSafeCommitIsAcknowledged() {
        Acknowledgement acknowledgement = new Acknowledgement(START, START);
        acknowledgement.committed(200);
        acknowledgement.committed(300);
        assertEquals(START, acknowledgement.flushLsn(START));
        assertEquals(200, acknowledgement.flushLsn(200));
        assertEquals(300, acknowledgement.flushLsn(300));
    }

    @Test
    void theFlushLsnNeverDecreases() {
        Acknowledgement acknowledgement = new Acknowledgement(START, START);
        acknowledgement.committed(300);
        assertEquals(300, acknowledgement.flushLsn(300));
        assertEquals(300, acknowledgement.flushLsn(200));
    }

    @Test
    void aKeepaliveCountsWhenAllCommitsBeforeItAreSafe() {
        Acknowledgement acknowledgement = new Acknowledgement(START, START);
        acknowledgement.committed(200);
        acknowledgement.quietUntil(500);
        assertEquals(START, acknowledgement.flushLsn(START));
        assertEquals(500, acknowledgement.flushLsn(200));
    }

    @Test
    void aCommitAfterTheKeepaliveDoesNotDelayIt() {
        Acknowledgement acknowledgement = new Acknowledgement(START, START);
        acknowledgement.committed(200);
        acknowledgement.quietUntil(500);
        acknowledgement.committed(600);
        assertEquals(500, acknowledgement.flushLsn(200));
        assertEquals(600, acknowledgement.flushLsn(600));
    }

    @Test
    void aKeepaliveOfAnIdleServerIsAcknowledgedAtOnce() {
        Acknowledgement acknowledgement = new Acknowledgement(START, START);
        acknowledgement.quietUntil(500);
        assertEquals(500, acknowledgement.flushLsn(START));
    }

    @Test
    void commitsOfEarlierRunsMustBeSafeFirst() {
        Acknowledgement acknowledgement = new Acknowledgement(START, 400);
        acknowledgement.quietUntil(500);
        assertEquals(START, acknowledgement.flushLsn(START));
        assertTrue(acknowledgement.pending(START));
        assertEquals(500, acknowledgement.flushLsn(400));
        assertFalse(acknowledgement.pending(400));
    }

    @Test
    void anOldKeepaliveChangesNothing() {
        Acknowledgement acknowledgement = new Acknowledgement(START, START);
        acknowledgement.quietUntil(50);
        assertEquals(START, acknowledgement.flushLsn(START));
    }

    @Test
    void positionsAreUnsigned() {
        long high = 0xFFFF_FFFF_0000_0000L;
        Acknowledgement acknowledgement = new Acknowledgement(START, START);
        acknowledgement.committed(high);
        assertEquals(START, acknowledgement.flushLsn(START));
        assertEquals(high, acknowledgement.flushLsn(high));
        assertEquals(high, acknowledgement.receivedLsn());
    }

    @Test
    void withoutSinksAllReceivedCommitsAreSafe() {
        Acknowledgement acknowledgement = new Acknowledgement(START, START);
        acknowledgement.committed(200);
        assertEquals(200, acknowledgement.flushLsn(-1));
    }

    /** The model keeps every commit. A position may be acknowledged when all commits that end at or before it are safe. */
    @Test
    void randomStreamsAgreeWithAModel() {
        long seed = System.nanoTime();
        for (int round = 0; round < 2_000; round++) {
            walk(new Random(seed + round), "seed " + (seed + round));
        }
    }

    private static void walk(Random random, String seed) {
        Acknowledgement acknowledgement = new Acknowledgement(START, START);
        List<Long> commits = new ArrayList<>();
        long wal = START;
        long safe = START;
        long last = START;
        long lastQuiet = START;
        for (int step = 0; step < 60; step++) {
            wal += 1 + random.nextInt(50);
            switch (random.nextInt(4)) {
                case 0 -> {
                    commits.add(wal);
                    acknowledgement.committed(wal);
                }
                case 1 -> {
                    acknowledgement.quietUntil(wal);
                    lastQuiet = wal;
                }
                case 2 -> safe = nextSafe(commits, safe, random);
                default -> {
                    // nothing happened
                }
            }
            long flush = acknowledgement.flushLsn(safe);
            assertTrue(Lsn.compare(flush, last) >= 0, () -> "went back, " + seed);
            for (long commit : commits) {
                assertTrue(commit > flush || commit <= safe, () -> "acknowledged what is not safe, " + seed);
            }
            long everything = Math.max(lastQuiet, commits.isEmpty() ? START : commits.get(commits.size() - 1));
            if (commits.isEmpty() || safe >= commits.get(commits.size() - 1)) {
                assertEquals(everything, flush, () -> "all is safe and not acknowledged, " + seed);
            }
            last = flush;
        }
    }

    private static long nextSafe(List<Long> commits, long safe, Random random) {
        for (long commit : commits) {
            if (commit > safe && random.nextInt(3) > 0) {
                return commit;
            }
        }
        return safe;
    }
}
