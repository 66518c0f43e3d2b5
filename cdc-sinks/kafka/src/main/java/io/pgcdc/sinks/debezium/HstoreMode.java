package io.pgcdc.sinks.debezium;

/** The form of hstore; Debezium's {@code hstore.handling.mode}. */
public enum HstoreMode {
    /** JSON text in a string. */
    JSON,
    /** An object. */
    MAP
}
