package io.pgcdc.sinks.postgres.transaction;

/** The values of {@code origin}: if written rows get a replication origin. */
public enum OriginPolicy {
    /** Set an origin if the role may and one is free; else log a warning. */
    AUTO,
    /** Set an origin, or fail. */
    REQUIRE,
    /** Set no origin. */
    OFF
}
