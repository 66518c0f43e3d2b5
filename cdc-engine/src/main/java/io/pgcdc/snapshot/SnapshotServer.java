package io.pgcdc.snapshot;

import io.pgcdc.error.SourceException;
import java.util.List;
import java.util.function.Supplier;

/** The server whose rows are read. */
interface SnapshotServer {

    /**
     * Turns a request into an order. Any thread.
     *
     * @throws SourceException SNAPSHOT_REFUSED: the request names what is not there; or the server is not reachable
     */
    SnapshotOrder order(String id, SnapshotRequest request);

    /**
     * Returns the tables that an order includes and that are there. The thread that starts the pipeline.
     *
     * @throws SourceException the server is not reachable
     */
    List<SnapshotTable> tables(SnapshotOrder order);

    /**
     * Keeps the state that a new slot exported. The thread that starts the pipeline.
     *
     * @throws SourceException the server is not reachable, or the state is gone
     */
    Kept keep(String slotSnapshot);

    /** Returns a source of rows as they are when they are read. For one thread. */
    ChunkSource chunks();

    /** Returns what finds the tables that an order includes. For one thread. */
    LookUp lookUp(SnapshotOrder order);

    /** Returns the bytes of WAL that the server may still write before the slot loses some. Capture thread. */
    long safeWalBytes();

    /** A kept state of the database. It holds up VACUUM until it is closed. */
    interface Kept extends AutoCloseable {

        /** Returns when it was taken, in microseconds since 1970 UTC. */
        long takenMicros();

        /** Returns true if the table was rewritten since, and may show no rows. */
        boolean isRewritten(SnapshotTable table);

        /** Returns a source of rows as they were. For one thread. */
        ChunkSource chunks();

        @Override
        void close();
    }

    /** Finds tables. One thread, except {@link #abort}. */
    interface LookUp extends Supplier<List<SnapshotTable>> {

        /** @throws SourceException the server does not answer */
        @Override
        List<SnapshotTable> get();

        /** Ends a question that is running, which then fails. Any thread. */
        void abort();
    }
}
