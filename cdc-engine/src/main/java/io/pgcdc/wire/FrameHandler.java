package io.pgcdc.wire;

/** Takes the frames of a replication stream (PostgreSQL documentation, "Streaming Replication Protocol"). Called on the receiving thread. */
public interface FrameHandler {

    /**
     * XLogData.
     *
     * @param lsn WAL position of the change
     * @param serverMicros when the server sent it, microseconds since 1970-01-01 UTC
     * @param buffer holds the payload from {@code offset} for {@code length} bytes; may be kept
     */
    void data(long lsn, long serverMicros, byte[] buffer, int offset, int length);

    /**
     * Primary keepalive.
     *
     * @param walEnd everything before it that the slot has to send was sent
     * @param replyRequested the server drops the connection when no status comes soon
     */
    void keepalive(long walEnd, boolean replyRequested);
}
