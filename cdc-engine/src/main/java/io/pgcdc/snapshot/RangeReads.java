package io.pgcdc.snapshot;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The work that readers take. Any thread. */
interface RangeReads {

    /**
     * Returns what to read next.
     *
     * @param waitMs the longest wait for one
     * @return null: there is none now
     */
    @Nullable
    ChunkQuery take(long waitMs) throws InterruptedException;

    /**
     * Reads what was taken, and passes its rows on. What could not be read is taken again.
     *
     * @throws io.pgcdc.error.CdcException from the source
     */
    void read(ChunkQuery range, ChunkSource source);

    /**
     * Reads the catalog, if the work needs it now.
     *
     * @param tables returns the tables to read, with their sizes at this moment
     * @return false if it does not
     * @throws io.pgcdc.error.CdcException from the catalog
     */
    default boolean lookUp(Supplier<List<SnapshotTable>> tables) {
        return false;
    }

    /** Returns true if nothing is left to read. */
    boolean isRead();
}
