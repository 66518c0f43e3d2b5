package io.pgcdc.sinks.debezium;

/** How hstore is written; Debezium's {@code hstore.handling.mode}. */
public enum HstoreMode {
    /** JSON text within a string. */
    JSON,
    /** An object. */
    MAP
}
