package io.pgcdc.sinks.kafka.format;

/** What of a change a record tells. */
enum Part {
    ALL,
    /** Of an update of the row's key: that the row under its old key is gone. */
    REMOVED,
    /** Of an update of the row's key: that there is one under its new key. */
    ADDED
}
