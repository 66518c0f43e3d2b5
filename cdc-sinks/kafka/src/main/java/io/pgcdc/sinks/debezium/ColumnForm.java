package io.pgcdc.sinks.debezium;

import io.pgcdc.sinks.object.ValueReader;

/**
 * The Debezium form of a column's values.
 *
 * @param values writes the values
 * @param inHeaders writes the values in a header. Kafka Connect has a different form there for some types
 * @param unavailable JSON for an unchanged TOAST value; the text {@code null} if Debezium has no placeholder for the type
 * @param objects reads the values as objects of the schema's type: a number of its size, Boolean, String, byte[], List, Map, an array for a
 *     struct; for Kafka Connect's own types BigDecimal and {@link java.util.Date}
 */
public record ColumnForm(
        ConnectSchema schema, ValueForm values, ValueForm inHeaders, String unavailable, ValueReader objects) {

    static final String NULL = "null";

    /** Creates the form of a type for which Debezium has no placeholder. */
    ColumnForm(ConnectSchema schema, ValueForm values, ValueReader objects) {
        this(schema, values, NULL, objects);
    }

    ColumnForm(ConnectSchema schema, ValueForm values, String unavailable, ValueReader objects) {
        this(schema, values, values, unavailable, objects);
    }
}
