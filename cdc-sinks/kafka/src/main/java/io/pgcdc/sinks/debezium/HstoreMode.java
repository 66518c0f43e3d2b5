package io.pgcdc.sinks.debezium;

/** The form of hstore; Debezium's {@code hstore.handling.mode}. */
public enum HstoreMode {
    /** A string that contains a JSON object. */
    JSON,
    /** An object. */
    MAP
}
