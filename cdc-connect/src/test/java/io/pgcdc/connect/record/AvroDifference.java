package io.pgcdc.connect.record;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Compares what Avro's reader gives with a Struct, field by field: schemas and values. */
final class AvroDifference {

    private static final long MILLIS_PER_DAY = 86_400_000;

    private AvroDifference() {}

    /** Returns the first difference between the schemas, or null if there is none. */
    static @Nullable String ofSchemas(Schema expected, org.apache.kafka.connect.data.Schema actual) {
        return ofSchemas(expected.getFullName(), expected, actual);
    }

    /** Returns the first difference between the values, or null if there is none. */
    static @Nullable String ofValues(GenericRecord expected, Struct actual) {
        return ofRecord(expected.getSchema().getFullName(), expected, actual);
    }

    private static @Nullable String ofSchemas(
            String where, Schema expected, org.apache.kafka.connect.data.Schema actual) {
        if (expected.isUnion()) {
            return actual.isOptional() ? ofType(where, expected.getTypes().get(1), actual) : where + " is not optional";
        }
        return actual.isOptional() ? where + " is optional" : ofType(where, expected, actual);
    }

    private static @Nullable String ofType(String where, Schema expected, org.apache.kafka.connect.data.Schema actual) {
        String type = switch (expected.getType()) {
            case INT -> "INT32";
            case LONG -> "INT64";
            case FLOAT -> "FLOAT32";
            case DOUBLE -> "FLOAT64";
            case RECORD -> "STRUCT";
            default -> expected.getType().name();
        };
        if (!type.equals(actual.type().name())) {
            return where + " is " + actual.type() + ", not " + type;
        }
        LogicalType logical = expected.getLogicalType();
        boolean decimal = logical instanceof LogicalTypes.Decimal;
        if (decimal != Decimal.LOGICAL_NAME.equals(actual.name())) {
            return where + " is named " + actual.name();
        }
        if (logical instanceof LogicalTypes.Date
                != org.apache.kafka.connect.data.Date.LOGICAL_NAME.equals(actual.name())) {
            return where + " is named " + actual.name();
        }
        if (expected.getType() == Schema.Type.ARRAY) {
            return ofSchemas(where + "[]", expected.getElementType(), actual.valueSchema());
        }
        if (expected.getType() != Schema.Type.RECORD) {
            return null;
        }
        if (!expected.getFullName().equals(actual.name())) {
            return where + " is named " + actual.name();
        }
        List<String> names =
                expected.getFields().stream().map(Schema.Field::name).toList();
        if (!names.equals(actual.fields().stream().map(Field::name).toList())) {
            return where + " has the fields " + actual.fields();
        }
        for (Schema.Field field : expected.getFields()) {
            String difference = ofSchemas(
                    where + "." + field.name(),
                    field.schema(),
                    actual.field(field.name()).schema());
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private static @Nullable String ofRecord(String where, GenericRecord expected, Struct actual) {
        for (Schema.Field field : expected.getSchema().getFields()) {
            Object theirs = expected.get(field.name());
            Object ours = actual.get(field.name());
            String place = where + "." + field.name();
            if (theirs instanceof GenericRecord record && ours instanceof Struct struct) {
                String difference = ofRecord(place, record, struct);
                if (difference != null) {
                    return difference;
                }
            } else if (!Objects.deepEquals(normal(field.schema(), theirs), ours(ours))) {
                return place + ": " + theirs + " is expected, not " + ours;
            }
        }
        return null;
    }

    /** Returns what Kafka Connect has for Avro's object. */
    @SuppressWarnings("JavaUtilDate") // Kafka Connect's dates
    private static @Nullable Object normal(Schema schema, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        Schema type = schema.isUnion() ? schema.getTypes().get(1) : schema;
        if (value instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>();
            list.forEach(item -> all.add(normal(type.getElementType(), item)));
            return all;
        }
        if (value instanceof GenericRecord record) {
            return record.getSchema().getFields().stream()
                    .map(f -> f.name() + "=" + record.get(f.name()))
                    .toList();
        }
        if (type.getLogicalType() instanceof LogicalTypes.Date) {
            return new Date((int) value * MILLIS_PER_DAY);
        }
        if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return type.getLogicalType() instanceof LogicalTypes.Decimal decimal
                    ? new BigDecimal(new BigInteger(copy), decimal.getScale())
                    : Arrays.toString(copy);
        }
        return value instanceof CharSequence text ? text.toString() : value;
    }

    private static @Nullable Object ours(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        if (value instanceof Struct struct) {
            return struct.schema().fields().stream()
                    .map(f -> f.name() + "=" + struct.get(f))
                    .toList();
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>();
            list.forEach(item -> all.add(ours(item)));
            return all;
        }
        return value;
    }
}
