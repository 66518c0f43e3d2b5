package io.pgcdc.sinks.postgres.changelog;

/** What happens to an old partition. */
enum Retention {
    KEEP,
    /** It becomes a separate table. */
    DETACH,
    DROP,
    /** It is dropped once it has no unprocessed row. */
    DROP_PROCESSED
}
