package io.pgcdc.sinks.stdout;

/** The choices of {@code color}. */
public enum ColorChoice {
    /** On a terminal, unless NO_COLOR is set. */
    AUTO,
    ALWAYS,
    NEVER
}
