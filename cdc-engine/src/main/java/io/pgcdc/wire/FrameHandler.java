package io.pgcdc.wire;

/** Takes the frames of a replication stream (PostgreSQL documentation, "Streaming Replication Protocol"). Called on the receiving thread. */
public interface FrameHandler {

    /**
     * Handles XLogData.
     *
     * @param lsn WAL position of the change
     * @param serverMicros when the server sent it, in microseconds since 1970-01-01 UTC
     * @param buffer holds the payload from {@code offset} for {@code length} bytes; may be kept
     */
    void data(long lsn, long serverMicros, byte[] buffer, int offset, int length);

    /**
     * Handles a primary keepalive.
     *
     * @param walEnd the slot's changes before this LSN were all sent
     * @param replyRequested true if the server drops the connection unless a status comes soon
     */
    void keepalive(long walEnd, boolean replyRequested);
}
