package io.pgcdc.snapshot;

import io.pgcdc.capture.Chunk;
import org.jspecify.annotations.Nullable;

/** Reads chunks. Each thread has its own. */
interface ChunkSource extends AutoCloseable {

    /**
     * Reads a range.
     *
     * @param number of the chunk
     * @return null: the range has more bytes than fit into a chunk; divide it
     * @throws io.pgcdc.error.CdcException the rows cannot be read
     */
    @Nullable
    Chunk read(ChunkRange range, int number);

    /** Ends a running {@link #read}, which then fails. Any thread. */
    void abort();

    @Override
    void close();
}
