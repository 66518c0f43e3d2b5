package io.pgcdc.sinks.stdout;

/** The choices of {@code format}. */
public enum StdoutFormat {
    /** Compact on a terminal, JSON elsewhere. */
    AUTO,
    /** The native record, one JSON object per line. */
    JSON,
    /** One short line per change, for people. */
    COMPACT
}
