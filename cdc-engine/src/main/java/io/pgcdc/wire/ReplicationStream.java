package io.pgcdc.wire;

import io.pgcdc.error.SourceException;

/** A started stream of a slot, with frames in and status out. Owned by one thread. */
public interface ReplicationStream extends AutoCloseable {

    /**
     * Passes at most one frame to the handler.
     *
     * @param waitMs longest wait for a frame; 0 takes only a frame that has arrived
     * @return whether there was a frame
     */
    boolean receive(FrameHandler handler, int waitMs);

    /**
     * Sends a Standby status update.
     *
     * @param received end of the received WAL; for pg_stat_replication only
     * @param flushed LSN up to which the server may forget WAL
     */
    void sendStatus(long received, long flushed, boolean requestReply);

    /**
     * Reads the server's notices. Call it before each status that moves the flush LSN.
     *
     * @throws SourceException if the server skips a publication (18 only warns and omits its rows)
     */
    void checkNotices();

    /** Returns the error for a connection that is silent although a reply was requested. */
    SourceException silent(long silentMs);

    /** Closes at once, without waiting for data that the server still has to send. */
    @Override
    void close();
}
