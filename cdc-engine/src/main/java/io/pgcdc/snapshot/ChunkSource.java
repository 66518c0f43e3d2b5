package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkRows;

/** Reads chunks. Each thread has its own. */
interface ChunkSource extends AutoCloseable {

    /**
     * Reads a range.
     *
     * @param rows gets the rows
     * @return false if the range has more bytes than fit into a chunk: divide it
     * @throws io.pgcdc.error.CdcException the rows cannot be read
     */
    boolean read(ChunkRange range, ChunkRows rows);

    /** Ends a running {@link #read}, which then fails. Any thread. */
    void abort();

    @Override
    void close();
}
