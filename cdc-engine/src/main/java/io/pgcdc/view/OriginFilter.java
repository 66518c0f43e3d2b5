package io.pgcdc.view;

/** Which transactions reach a sink, by where they were made. */
public enum OriginFilter {
    ANY,
    /** Those made on the source itself; not those that were replayed there under a replication origin. */
    LOCAL
}
