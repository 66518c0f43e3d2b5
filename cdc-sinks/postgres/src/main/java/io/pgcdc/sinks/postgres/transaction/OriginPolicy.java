package io.pgcdc.sinks.postgres.transaction;

/** Whether what is written carries a replication origin. */
public enum OriginPolicy {
    AUTO,
    REQUIRE,
    OFF
}
