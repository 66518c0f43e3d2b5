package io.pgcdc.wire;

import io.pgcdc.error.SourceException;

/** A started stream of a slot: frames come, status goes. Owned by one thread. */
public interface ReplicationStream extends AutoCloseable {

    /**
     * Hands at most one frame to the handler.
     *
     * @param waitMs how long to wait for one; 0 takes only what has arrived
     * @return whether there was one
     */
    boolean receive(FrameHandler handler, int waitMs);

    /**
     * Reports how far we are (Standby status update).
     *
     * @param received end of what was received; for pg_stat_replication only
     * @param flushed what the server may forget
     */
    void sendStatus(long received, long flushed, boolean requestReply);

    /**
     * Reads the server's notices. To be called before each status that moves the flush LSN.
     *
     * @throws SourceException when the server skips a publication (18 only warns and leaves its rows out)
     */
    void checkNotices();

    /** The error for a connection that nothing comes from, though it was asked. */
    SourceException silent(long silentMs);

    /** Closes at once, without waiting for what the server still has to send. */
    @Override
    void close();
}
