package io.pgcdc.capture;

import org.jspecify.annotations.Nullable;

/** Gives capture the chunks of the snapshot that a new slot begins with. Capture thread; others read the chunks. */
public interface ChunkFeed {

    /** Returns the LSN that the rows show: the slot's consistent point. */
    long lsn();

    /** Returns when the rows were as they are shown, in microseconds since 1970 UTC. */
    long takenMicros();

    /** Does what is due from time to time. Call it often, also while no chunk may be appended. */
    void tend();

    /** Returns the next chunk; null: none is ready. */
    @Nullable
    Chunk poll();

    /** Returns true if no further chunk comes. */
    boolean isDrained();

    /**
     * Notes that a chunk is in the queue.
     *
     * @param index of its last segment
     */
    void appended(Chunk chunk, long index);

    /** Notes that all chunks are durable in the queue. Durable on return. */
    void finish();
}
