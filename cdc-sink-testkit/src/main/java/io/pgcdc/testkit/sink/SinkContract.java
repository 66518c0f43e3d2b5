package io.pgcdc.testkit.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sink.FaultyTarget.Received;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tests the contract of {@link Sink}, for any sink. A sink's test extends this, or {@link HistoryContract}. */
public abstract class SinkContract {

    private static final long SEED = 20_261_124;
    private static final int TRANSACTIONS = 40;
    private static final int MOST_FAULTS = 10_000;

    private final List<List<Sample>> transactions = Sample.transactions(new Random(SEED), TRANSACTIONS);
    private final Map<Integer, List<Received>> prefixes = new HashMap<>();

    /** Returns how many histories with crashes are played. Return fewer if each takes long. */
    protected int crashes() {
        return 60;
    }

    /** Returns an empty target. */
    protected abstract FaultyTarget newTarget();

    /** The change that a batch passes returns other values after its call. */
    @Test
    public void nothingIsKeptOfAChangeBeyondItsCall() {
        List<SampleBatch> alone = new ArrayList<>();
        for (List<Sample> transaction : transactions) {
            for (Sample sample : transaction) {
                // alone in its batch, so that no later change can replace it
                alone.add(new SampleBatch(List.of(sample), sample.position(), true));
            }
        }
        Histories.assertSame(received(alone), reference(), "one change a batch");
    }

    @Test
    public void aBatchFromWhichRoutingLeftAllOutIsTaken() {
        try (FaultyTarget target = newTarget()) {
            Sink sink = target.open();
            sink.write(new SampleBatch(List.of(), new Position(0, 1, 0), true));
            assertEquals(Durability.DURABLE, sink.flush());
            writeAll(sink, batches());
            sink.close();
            Histories.assertSame(reference(), target.received(), "after an empty batch");
        }
    }

    @Test
    public void whatFailsForAWhileIsWrittenWhenItIsTriedAgain() {
        List<Received> expected = reference();
        int faults = 0;
        while (true) {
            try (FaultyTarget target = newTarget()) {
                Sink sink = target.open();
                target.failAfter(faults);
                writeAllRetrying(target, sink, batches());
                sink.close();
                assertSameHistory(expected, target);
                if (!target.hasFailed()) {
                    break;
                }
            }
            assertTrue(++faults < MOST_FAULTS, "the target fails again and again");
        }
        assertTrue(faults > 0, "no operation of the target ever failed");
    }

    @Test
    public void whatIsSaidToBeDurableSurvivesACrashAndTheRestIsRepeated() {
        List<Received> expected = reference();
        for (int crash = 0; crash < crashes(); crash++) {
            Random random = new Random(SEED + crash);
            try (FaultyTarget target = newTarget()) {
                int safe = 0;
                for (int run = 0; run < 3; run++) {
                    // the first crashes are spread evenly over the numbers of batches
                    int first = crash * TRANSACTIONS / crashes();
                    safe = untilCrash(target, safe, run == 0 ? first : random.nextInt(TRANSACTIONS), random);
                    assertHolds(expected, safe, target, "seed " + (SEED + crash));
                }
                Sink sink = target.open();
                writeAll(sink, SampleBatch.cut(transactions.subList(safe, transactions.size()), random));
                sink.close();
                assertSameHistory(expected, target);
            }
        }
    }

    /** Nothing fails before it: a user had the sink go back. */
    @Test
    public void whatComesAgainAfterARewindIsPassedOverOrRepeated() {
        try (FaultyTarget target = newTarget()) {
            Sink sink = target.open();
            int given = 3 * TRANSACTIONS / 4;
            writeAll(sink, SampleBatch.cut(transactions.subList(0, given), new Random(SEED)));
            List<List<Sample>> again = transactions.subList(TRANSACTIONS / 2, TRANSACTIONS);
            writeAll(sink, SampleBatch.cut(again, new Random(SEED + 1)));
            sink.close();
            assertSameHistory(reference(), target);
        }
    }

    /** Returns how many transactions are durable: the next run does not repeat them. */
    private int untilCrash(FaultyTarget target, int safe, int writes, Random random) {
        Sink sink = target.open();
        List<SampleBatch> batches = SampleBatch.cut(transactions.subList(safe, transactions.size()), random);
        int durable = safe;
        int whole = safe;
        for (SampleBatch batch : batches.subList(0, Math.min(writes, batches.size()))) {
            Durability durability = sink.write(batch);
            if (batch.endsAtCommit()) {
                whole = countUpTo(batch.lastPosition());
            }
            if (random.nextInt(4) == 0) {
                assertEquals(Durability.DURABLE, sink.flush());
                durable = whole;
            } else if (durability == Durability.DURABLE && batch.endsAtCommit()) {
                durable = whole;
            }
        }
        target.crash();
        return durable;
    }

    private int countUpTo(Position position) {
        int count = 0;
        while (count < transactions.size()
                && transactions.get(count).get(0).position().compareTo(position) <= 0) {
            count++;
        }
        return count;
    }

    @Test
    public void whatTheBatchThrowsIsPassedOn() {
        DecodeException broken = new DecodeException(ErrorCode.DECODE_MALFORMED, "broken; test; nothing.");
        try (FaultyTarget target = newTarget()) {
            Sink sink = target.open();
            Batch batch = new Batch() {
                @Override
                public void forEach(Consumer<? super Change> consumer) {
                    throw broken;
                }

                @Override
                public int count() {
                    return 1;
                }

                @Override
                public Position lastPosition() {
                    return new Position(0, 1, 0);
                }

                @Override
                public boolean endsAtCommit() {
                    return true;
                }
            };
            assertSame(broken, assertThrows(DecodeException.class, () -> sink.write(batch)));
            sink.close();
            assertEquals(List.of(), target.received());
        }
    }

    private List<Received> reference() {
        return prefix(transactions.size());
    }

    /** Returns the positions of all changes. */
    final List<Position> positions() {
        return transactions.stream().flatMap(List::stream).map(Sample::position).toList();
    }

    /** Returns all changes, cut into batches. */
    final List<SampleBatch> batches() {
        return SampleBatch.cut(transactions, new Random(SEED));
    }

    private List<Received> received(List<SampleBatch> batches) {
        try (FaultyTarget target = newTarget()) {
            Sink sink = target.open();
            writeAll(sink, batches);
            sink.close();
            return List.copyOf(target.received());
        }
    }

    static void writeAll(Sink sink, List<SampleBatch> batches) {
        batches.forEach(sink::write);
        assertEquals(Durability.DURABLE, sink.flush());
    }

    /**
     * Writes all batches like delivery: after a failure that may pass, it repeats the call, or everything after the last durable
     * position.
     */
    private static void writeAllRetrying(FaultyTarget target, Sink sink, List<SampleBatch> batches) {
        int next = 0;
        int durable = 0;
        boolean failed = false;
        boolean flushed = false;
        while (!flushed) {
            try {
                if (next == batches.size()) {
                    assertEquals(Durability.DURABLE, sink.flush());
                    flushed = true;
                } else {
                    SampleBatch batch = batches.get(next++);
                    if (sink.write(batch) == Durability.DURABLE && batch.endsAtCommit()) {
                        durable = next;
                    }
                }
            } catch (CdcException e) {
                assertFalse(failed, "it fails although the target works: " + e);
                assertTrue(target.hasFailed(), "it fails although the target works: " + e);
                assertFalse(e.retry() == Retry.NEVER, "a failure that passes must not have the directive NEVER: " + e);
                failed = true;
                next = e.retry() == Retry.RECONNECT ? durable : Math.max(durable, next - 1);
            }
        }
    }

    /** Checks that everything durable is there, complete and in order, before anything else. */
    private void assertHolds(List<Received> expected, int safe, FaultyTarget target, String hint) {
        List<Received> held = once(target);
        if (target.exactlyOnce()) {
            boolean whole = false;
            for (int k = safe; k <= transactions.size() && !whole; k++) {
                whole = held.equals(prefix(k));
            }
            assertTrue(
                    whole,
                    "the target's state is not that of any number of whole transactions, at least " + safe + ", "
                            + hint);
            return;
        }
        Set<Position> durable = transactions.subList(0, safe).stream()
                .flatMap(List::stream)
                .map(Sample::position)
                .collect(Collectors.toSet());
        long changes =
                expected.stream().filter(r -> durable.contains(r.position())).count();
        assertTrue(held.size() >= changes, "a durable change was lost, " + hint);
        Histories.assertSame(expected.subList(0, Math.min(expected.size(), held.size())), held, hint);
    }

    /** Returns what the first transactions leave. */
    private List<Received> prefix(int count) {
        return prefixes.computeIfAbsent(
                count, k -> received(SampleBatch.cut(transactions.subList(0, k), new Random(SEED))));
    }

    private static void assertSameHistory(List<Received> expected, FaultyTarget target) {
        Histories.assertSame(expected, once(target), "after a failure or a crash");
    }

    /** Returns the changes without repeats. A repeat must equal its original, and must not exist if the target is exact. */
    private static List<Received> once(FaultyTarget target) {
        Map<Position, Received> first = new LinkedHashMap<>();
        for (Received change : target.received()) {
            Received before = first.putIfAbsent(change.position(), change);
            if (before != null) {
                assertFalse(target.exactlyOnce(), "twice: " + change.position());
                assertEquals(before, change, "a repeat differs");
            }
        }
        return List.copyOf(first.values());
    }
}
