package io.pgcdc.sinks.debezium;

/**
 * How the values of a column are written.
 *
 * @param inHeaders how they are written in a header, where Kafka Connect has another way
 * @param unavailable JSON that stands for an unchanged TOAST value; {@code null} where Debezium has none
 */
record ColumnForm(ConnectSchema schema, ValueForm values, ValueForm inHeaders, String unavailable) {

    static final String NULL = "null";

    /** Of a type that has no value to stand for an unchanged one. */
    ColumnForm(ConnectSchema schema, ValueForm values) {
        this(schema, values, NULL);
    }

    ColumnForm(ConnectSchema schema, ValueForm values, String unavailable) {
        this(schema, values, values, unavailable);
    }
}
