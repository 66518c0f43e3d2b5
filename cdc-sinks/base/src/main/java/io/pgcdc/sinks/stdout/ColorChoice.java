package io.pgcdc.sinks.stdout;

/** The choices of {@code color}. */
public enum ColorChoice {
    /** Colours on a terminal, unless the environment variable NO_COLOR is set. */
    AUTO,
    ALWAYS,
    NEVER
}
