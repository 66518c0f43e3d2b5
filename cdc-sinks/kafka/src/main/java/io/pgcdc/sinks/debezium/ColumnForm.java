package io.pgcdc.sinks.debezium;

/**
 * The Debezium form of a column's values.
 *
 * @param values writes the values
 * @param inHeaders writes the values in a header. Kafka Connect has a different form there for some types
 * @param unavailable JSON for an unchanged TOAST value; the text {@code null} if Debezium has no placeholder for the type
 */
record ColumnForm(ConnectSchema schema, ValueForm values, ValueForm inHeaders, String unavailable) {

    static final String NULL = "null";

    /** Creates the form of a type for which Debezium has no placeholder. */
    ColumnForm(ConnectSchema schema, ValueForm values) {
        this(schema, values, NULL);
    }

    ColumnForm(ConnectSchema schema, ValueForm values, String unavailable) {
        this(schema, values, values, unavailable);
    }
}
