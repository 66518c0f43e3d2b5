package io.pgcdc.progress;

import java.util.function.LongSupplier;

/**
 * Counts what passes, and how much of it passed in the last seconds. One thread adds; any thread reads. An {@link #add} costs a look at the clock:
 * call it once for a batch, not for each change.
 */
public final class Meter {

    /** Seconds over which the rate is taken. */
    static final int WINDOW = 10;

    /** The running second, the window, and one that a reader may still look at while it is reused. */
    private static final int SLOTS = WINDOW + 2;

    private static final long SECOND = 1_000_000_000;

    private final LongSupplier nanos;
    private final long startNanos;
    private final long[] seconds = new long[SLOTS];
    private long total;
    private long second;

    /** Begins at zero, by the machine's clock. */
    public Meter() {
        this(System::nanoTime);
    }

    /** @param nanos a clock such as {@link System#nanoTime} */
    Meter(LongSupplier nanos) {
        this.nanos = nanos;
        startNanos = nanos.getAsLong();
    }

    /** Counts. */
    public synchronized void add(long amount) {
        turn();
        total += amount;
        seconds[(int) (second % SLOTS)] += amount;
    }

    private void turn() {
        long now = (nanos.getAsLong() - startNanos) / SECOND;
        for (long passed = Math.max(second + 1, now - SLOTS + 1); passed <= now; passed++) {
            seconds[(int) (passed % SLOTS)] = 0;
        }
        second = Math.max(second, now);
    }

    /** Returns all that was counted. */
    public synchronized long total() {
        return total;
    }

    /** Returns how much a second passed in the last ten whole seconds, or since the start if that is later. */
    public synchronized double perSecond() {
        turn();
        if (second == 0) {
            long sinceStart = nanos.getAsLong() - startNanos;
            return sinceStart <= 0 ? 0 : (double) total * SECOND / Math.max(sinceStart, SECOND / WINDOW);
        }
        long sum = 0;
        long whole = Math.min(WINDOW, second);
        for (long past = 1; past <= whole; past++) {
            sum += seconds[(int) ((second - past) % SLOTS)];
        }
        return (double) sum / whole;
    }
}
