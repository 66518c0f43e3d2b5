package io.pgcdc.capture;

/** Requests of other threads to capture. It takes them only while no transaction is open in the queue. */
public enum CaptureRequest {
    /** Stops reading. The server still gets the sinks' progress. */
    PAUSE,
    /** Continues after {@link #PAUSE}. */
    RESUME,
    /** Ends and begins snapshots. */
    SNAPSHOTS
}
