package io.pgcdc.sinks.postgres.transaction;

/** The values of {@code session_replication_role}: which triggers of the target run. */
public enum ReplicationRole {
    /** Those of an ordinary session. */
    ORIGIN,
    /** Only those that are ENABLE REPLICA or ENABLE ALWAYS. Foreign keys are not checked. */
    REPLICA
}
