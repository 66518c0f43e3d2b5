package io.pgcdc.connect.record.typed;

import io.pgcdc.sinks.object.ValueReader;
import java.util.Date;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** Makes Kafka Connect's dates of days since 1970-01-01. */
final class ConnectDates {

    private static final long MILLIS_PER_DAY = 86_400_000;

    private ConnectDates() {}

    /** Returns the reader itself, unless its values are dates or arrays of them. */
    static ValueReader of(Schema schema, ValueReader values) {
        if (isDate(schema)) {
            return (b, offset, length) -> date(values.read(b, offset, length));
        }
        if (schema.type() == Schema.Type.ARRAY && isDate(schema.valueSchema())) {
            return (b, offset, length) -> dates(values.read(b, offset, length));
        }
        return values;
    }

    private static boolean isDate(Schema schema) {
        return org.apache.kafka.connect.data.Date.LOGICAL_NAME.equals(schema.name());
    }

    @SuppressWarnings("unchecked") // a reader of arrays makes a list of its own
    private static @Nullable Object dates(@Nullable Object list) {
        if (list != null) {
            ((List<@Nullable Object>) list).replaceAll(ConnectDates::date);
        }
        return list;
    }

    @SuppressWarnings("JavaUtilDate") // the class of Kafka Connect's dates
    private static @Nullable Date date(@Nullable Object days) {
        return days == null ? null : new Date((int) days * MILLIS_PER_DAY);
    }
}
