package io.pgcdc.sinks.postgres.changelog;

/** What becomes of a partition that is old enough. */
enum Retention {
    KEEP,
    /** It stays as a table of its own. */
    DETACH,
    DROP,
    /** Dropped once it holds no unprocessed row. */
    DROP_PROCESSED
}
