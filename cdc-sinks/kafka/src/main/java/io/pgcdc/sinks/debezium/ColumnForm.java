package io.pgcdc.sinks.debezium;

/**
 * The form of a column's values.
 *
 * @param inHeaders the form in a header, where Kafka Connect has a different one
 * @param unavailable JSON for an unchanged TOAST value; {@code null} if Debezium has none
 */
record ColumnForm(ConnectSchema schema, ValueForm values, ValueForm inHeaders, String unavailable) {

    static final String NULL = "null";

    /** Creates the form of a type that has no value for an unchanged one. */
    ColumnForm(ConnectSchema schema, ValueForm values) {
        this(schema, values, NULL);
    }

    ColumnForm(ConnectSchema schema, ValueForm values, String unavailable) {
        this(schema, values, values, unavailable);
    }
}
