package io.pgcdc.capture;

/** A request of another thread to capture. It is met where no transaction is open in the queue. */
public enum CaptureRequest {
    /** Reads nothing more; the server still hears how far the sinks are. */
    PAUSE,
    /** Goes on after {@link #PAUSE}. */
    RESUME
}
