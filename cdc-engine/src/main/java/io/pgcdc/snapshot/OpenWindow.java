package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkRows;
import io.pgcdc.capture.Window;
import io.pgcdc.model.SeenTransactions;
import org.jspecify.annotations.Nullable;

/** A window until capture takes it. The job's monitor guards it. */
final class OpenWindow {

    final int number;
    /** Complete once it is read. */
    ChunkQuery query;

    final ChunkRows rows;

    @Nullable
    SeenTransactions seen;

    /** Null while it is being read. */
    @Nullable
    Window window;

    /** True if its rows must not be used: the connection has ended, or the table was altered, while it was being read. */
    boolean dropped;

    OpenWindow(int number, ChunkQuery query, ChunkRows rows) {
        this.number = number;
        this.query = query;
        this.rows = rows;
    }
}
