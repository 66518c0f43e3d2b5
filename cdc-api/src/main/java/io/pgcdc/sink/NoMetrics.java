package io.pgcdc.sink;

import java.util.function.LongSupplier;

/** Ignores all numbers. */
final class NoMetrics implements SinkMetrics {

    private static final Counter COUNTER = amount -> {};
    private static final Timer TIMER = nanos -> {};

    @Override
    public Counter counter(String name) {
        return COUNTER;
    }

    @Override
    public void gauge(String name, LongSupplier value) {}

    @Override
    public Timer timer(String name) {
        return TIMER;
    }
}
