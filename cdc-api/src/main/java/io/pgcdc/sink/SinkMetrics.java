package io.pgcdc.sink;

import java.util.function.LongSupplier;

/**
 * Numbers that a sink tells of itself. Ask for a counter or timer once, in {@link SinkProvider#create}, and keep it. Names are lower
 * case with {@code _}, with the unit at the end: {@code sent_bytes}. The sink's name is added to them. Safe for any thread; telling a
 * number allocates nothing and does not wait.
 *
 * <p>Nobody reads them yet: pgcdc gives {@link #NONE}.
 */
public interface SinkMetrics {

    /** Forgets all it is told. */
    SinkMetrics NONE = new NoMetrics();

    /** Returns the counter of that name; the same one each time. */
    Counter counter(String name);

    /**
     * Tells how a number that goes up and down is read. A later one of the same name takes its place.
     *
     * @param value called by another thread, now and then; must be quick, and must not throw
     */
    void gauge(String name, LongSupplier value);

    /** Returns the timer of that name; the same one each time. */
    Timer timer(String name);

    /** A number that only grows. */
    interface Counter {

        /** @param amount 0 or more */
        void add(long amount);
    }

    /** How long an operation takes, and how often it is done. */
    interface Timer {

        /** @param nanos what one operation took: a difference of two {@link System#nanoTime} */
        void record(long nanos);
    }
}
