package io.pgcdc.sinks.debezium;

import io.pgcdc.model.ColumnName;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The settings of Debezium and Kafka Connect that determine the form of records. The Javadoc of each enum names its setting.
 *
 * @param prefix {@code topic.prefix}: the first part of names of topics and schemas, and {@code source.name}
 * @param database {@code source.db}
 * @param schemas {@code schemas.enable} of the JsonConverter: every key and value has its schema
 * @param unavailable {@code unavailable.value.placeholder}, the text for an unchanged TOAST value
 * @param keyColumns {@code message.key.columns}: columns that replace their table's own key, in this order
 * @param clockMicros the time of writing, for {@code ts_ms}, {@code ts_us} and {@code ts_ns} at the end of a record: microseconds
 *     since 1970-01-01 UTC
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

    /** Returns Debezium's defaults, without schemas. */
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

    /** Returns a clock in microseconds with a resolution of milliseconds, like Debezium's. */
    public static LongSupplier micros(InstantSource clock) {
        return () -> clock.millis() * MICROS_PER_MILLI;
    }
}
