package io.pgcdc.sinks.postgres.transaction;

/** Whether written rows carry a replication origin. */
public enum OriginPolicy {
    AUTO,
    REQUIRE,
    OFF
}
