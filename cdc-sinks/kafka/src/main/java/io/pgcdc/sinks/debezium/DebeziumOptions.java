package io.pgcdc.sinks.debezium;

import io.pgcdc.model.ColumnName;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What Debezium and Kafka Connect would be told by settings of theirs.
 *
 * @param prefix {@code topic.prefix}: the first part of topics' and schemas' names, and {@code source.name}
 * @param database {@code source.db}
 * @param schemas {@code schemas.enable} of the JsonConverter: every key and value carries its schema
 * @param unavailable {@code unavailable.value.placeholder}, which stands for an unchanged TOAST value
 * @param keyColumns {@code message.key.columns}: columns that make the key of their table instead of the table's own, in this order
 * @param clockMicros the time of writing, {@code ts_ms} and its kin at the end of a record: microseconds since 1970-01-01 UTC
 */
public record DebeziumOptions(
        String prefix,
        String database,
        boolean schemas,
        DecimalMode decimals,
        TimePrecision times,
        IntervalMode intervals,
        HstoreMode hstore,
        BinaryMode binary,
        String unavailable,
        List<ColumnName> keyColumns,
        LongSupplier clockMicros) {

    public static final String UNAVAILABLE = "__debezium_unavailable_value";

    private static final long MICROS_PER_MILLI = 1_000;

    public DebeziumOptions {
        keyColumns = List.copyOf(keyColumns);
    }

    /** Debezium's defaults, without schemas. */
    public static DebeziumOptions defaults(String prefix, String database) {
        return new DebeziumOptions(
                prefix,
                database,
                false,
                DecimalMode.PRECISE,
                TimePrecision.ADAPTIVE,
                IntervalMode.NUMERIC,
                HstoreMode.JSON,
                BinaryMode.BYTES,
                UNAVAILABLE,
                List.of(),
                micros(InstantSource.system()));
    }

    /** A clock in microseconds that goes by milliseconds, as Debezium's does. */
    public static LongSupplier micros(InstantSource clock) {
        return () -> clock.millis() * MICROS_PER_MILLI;
    }
}
