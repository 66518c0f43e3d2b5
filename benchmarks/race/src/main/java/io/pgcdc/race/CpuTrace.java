package io.pgcdc.race;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/** CPU time over time. For one thread. */
final class CpuTrace {

    private final DoubleSupplier seconds;

    /** CPU seconds, by the clock's milliseconds since 1970. */
    private final NavigableMap<Long, Double> samples = new TreeMap<>();

    /**
     * Takes the first sample.
     *
     * @param seconds returns the CPU seconds so far
     */
    CpuTrace(DoubleSupplier seconds) {
        this.seconds = seconds;
        sample();
    }

    /** Looks once. */
    void sample() {
        samples.put(System.currentTimeMillis(), seconds.getAsDouble());
    }

    /** Returns the CPU seconds between two times, both in milliseconds since 1970. */
    double between(long fromMs, long toMs) {
        return at(toMs) - at(fromMs);
    }

    /** Interpolates between the two nearest samples. */
    private double at(long ms) {
        Map.Entry<Long, Double> before = samples.floorEntry(ms);
        Map.Entry<Long, Double> after = samples.ceilingEntry(ms);
        if (before == null || after == null) {
            throw new IllegalArgumentException("no sample on both sides of " + ms);
        }
        long span = after.getKey() - before.getKey();
        double share = span == 0 ? 0 : (double) (ms - before.getKey()) / span;
        return before.getValue() + share * (after.getValue() - before.getValue());
    }
}
