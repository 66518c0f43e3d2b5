package io.pgcdc.view;

/** Selects transactions for a sink, by their origin. */
public enum OriginFilter {
    ANY,
    /** Only transactions of the source itself, not those replayed there under a replication origin. */
    LOCAL
}
