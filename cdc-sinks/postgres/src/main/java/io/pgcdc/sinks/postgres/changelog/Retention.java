package io.pgcdc.sinks.postgres.changelog;

/** The values of {@code retain}: the treatment of an old partition. */
enum Retention {
    KEEP,
    /** Make it a separate table. */
    DETACH,
    DROP,
    /** Drop it when it has no unprocessed rows. */
    DROP_PROCESSED
}
