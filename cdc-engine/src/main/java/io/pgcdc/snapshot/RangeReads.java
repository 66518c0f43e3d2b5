package io.pgcdc.snapshot;

import org.jspecify.annotations.Nullable;

/** The work that readers take. Any thread. */
interface RangeReads {

    /**
     * Returns the next range to read.
     *
     * @param waitMs the longest wait for one
     * @return null: there is none now
     */
    @Nullable
    ChunkRange take(long waitMs) throws InterruptedException;

    /**
     * Reads a range that was taken, and passes its rows on. A range that could not be read is taken again.
     *
     * @throws io.pgcdc.error.CdcException from the source
     */
    void read(ChunkRange range, ChunkSource source);

    /** Returns true if nothing is left to read. */
    boolean isRead();
}
