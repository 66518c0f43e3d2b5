package io.pgcdc.cli.log;

/** The form of a line. */
public enum LogFormat {
    TEXT,
    JSON
}
