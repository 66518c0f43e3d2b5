package io.pgcdc.guard;

/** Reads the slot at the server. One thread, except {@link #abort}. */
interface SlotSource extends AutoCloseable {

    /**
     * Returns what the server says now.
     *
     * @param nanos of the run's clock
     * @throws io.pgcdc.error.SourceException the server does not answer, or there is no such slot
     */
    SlotReading read(long nanos);

    /**
     * Makes the server note now which transactions run. On its own it does so every 15 s. It removes acknowledged WAL only after such a
     * note. Does nothing before PostgreSQL 16, or if the role may not.
     */
    void noteTransactions();

    /** Returns true if this is another server than at the last call. */
    boolean moved();

    /** Ends a running query. Any thread. */
    void abort();

    @Override
    void close();
}
