package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkRows;
import io.pgcdc.model.SeenTransactions;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads ranges. Each thread has its own. */
interface ChunkSource extends AutoCloseable {

    /**
     * What rows show.
     *
     * @param takenMicros when they were so, in microseconds since 1970 UTC
     */
    record Shown(SeenTransactions seen, long takenMicros) {}

    /**
     * Reads a range.
     *
     * @param rows gets the rows
     * @param opened is told what they show, before the first one is read
     * @return null: the range has more bytes than fit into a chunk; divide it
     * @throws io.pgcdc.error.CdcException the rows cannot be read
     */
    @Nullable
    Shown read(ChunkQuery query, ChunkRows rows, Consumer<SeenTransactions> opened);

    /**
     * Writes a watermark into the server's WAL.
     *
     * @throws io.pgcdc.error.CdcException it is not known if it was written
     */
    void emit(String watermark);

    /** Ends a running {@link #read}, which then fails. Any thread. */
    void abort();

    @Override
    void close();
}
