package io.pgcdc.snapshot;

import io.pgcdc.catalog.PublishedTables.TableFile;
import org.jspecify.annotations.Nullable;

/** What one chunk reads. Its toString names it in messages. */
interface ChunkQuery {

    SnapshotTable table();

    /** Returns the query of the rows. */
    String sql();

    /** Returns the file that must be the same when the rows have been read; null: any. */
    @Nullable
    TableFile file();

    /** Returns true if it can be divided into two. */
    boolean isDivisible();

    /** Returns what the queue stores with the chunk. */
    String description();
}
