package io.pgcdc.pipeline;

/** Writes the model server's WAL, while processes run and in between. */
interface ModelWorkload {

    /** Returns false if it has nothing left to write. */
    boolean hasMore();

    /** Writes a little. */
    void work();
}
