package io.pgcdc.sink;

import java.util.function.LongSupplier;

/**
 * Metrics of a sink. Ask for a counter or timer once, in {@link SinkProvider#create}, and keep it. Names are lower case with {@code
 * _}, with the unit at the end: {@code sent_bytes}. The sink's name is added to them. Safe for any thread. Recording a number
 * allocates nothing and does not block.
 *
 * <p>Nothing reads them yet: pgcdc passes {@link #NONE}.
 */
public interface SinkMetrics {

    /** Ignores all numbers. */
    SinkMetrics NONE = new NoMetrics();

    /** Returns the counter of that name, the same object each time. */
    Counter counter(String name);

    /**
     * Registers the reader of a number that goes up and down. It replaces an earlier one of the same name.
     *
     * @param value called by another thread from time to time; must be quick, and must not throw
     */
    void gauge(String name, LongSupplier value);

    /** Returns the timer of that name, the same object each time. */
    Timer timer(String name);

    /** A number that only grows. */
    interface Counter {

        /** @param amount 0 or more */
        void add(long amount);
    }

    /** Durations of an operation, and their count. */
    interface Timer {

        /** @param nanos duration of one operation: a difference of two {@link System#nanoTime} */
        void record(long nanos);
    }
}
