package io.pgcdc.pipeline;

import io.pgcdc.guard.Watched;
import io.pgcdc.life.Worker;
import io.pgcdc.sink.SourceId;
import io.pgcdc.snapshot.Snapshots;
import io.pgcdc.source.LayoutSource;
import io.pgcdc.wire.ReplicationStream;
import org.jspecify.annotations.Nullable;

/** A source that has passed all checks, as a run uses it. Capture thread. */
interface OpenSource {

    SourceId id();

    /**
     * Starts the stream.
     *
     * @param resumeLsn end of the queue
     */
    ReplicationStream start(long resumeLsn);

    /**
     * Connects again and starts the stream. Repeats all checks except those that only a start needs.
     *
     * @param receivedLsn last LSN received on the lost stream
     * @param resumeLsn end of the queue
     * @throws io.pgcdc.error.SourceException the source is not reachable, or changes would be missing
     */
    ReplicationStream again(long receivedLsn, long resumeLsn);

    /** Returns the server's next transaction id when the current connection was made. */
    int nextXid();

    /** Returns the snapshots of the run; null: the source has none. */
    @Nullable
    Snapshots snapshots();

    /** Returns what joins Relation messages with the catalog. */
    LayoutSource layouts();

    /** Writes a logical message with that prefix into the WAL, and returns its LSN. */
    long emitMessage(String prefix);

    /** Returns what watches the slot's WAL and steers the confirm policy; null: nothing. */
    @Nullable
    Worker watch(Watched run);

    /** Returns the server's address, for messages. */
    String where();
}
