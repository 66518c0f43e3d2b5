package io.pgcdc.connect.record.typed;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Makes schemas of Kafka Connect from those of the Avro format. A record's full name is the struct's name. A union with null is optional.
 *
 * <pre>
 *   decimal(p,s)            Decimal, with the parameter connect.decimal.precision
 *   date                    Date
 *   any other logical type  the type itself, with the parameter logicalType: Kafka Connect has no microseconds
 *   pg_type, pg_column      parameters
 * </pre>
 *
 * Equal uses of a record are one object, so that a Struct that is put into another is compared with its field's schema by identity. For one
 * thread.
 */
final class AvroToConnect {

    private static final String PRECISION = "connect.decimal.precision";
    private static final String LOGICAL_TYPE = "logicalType";

    private record Use(String record, boolean optional) {}

    private final Map<Use, org.apache.kafka.connect.data.Schema> records = new HashMap<>();

    org.apache.kafka.connect.data.Schema of(Schema schema) {
        return of(schema, false, null);
    }

    private org.apache.kafka.connect.data.Schema of(Schema schema, boolean optional, Schema.@Nullable Field field) {
        if (schema.isUnion()) {
            return of(schema.getTypes().get(1), true, field); // the first one is null
        }
        if (schema.getType() != Schema.Type.RECORD) {
            return finish(builder(schema), optional, field);
        }
        Use use = new Use(schema.getFullName(), optional);
        org.apache.kafka.connect.data.Schema known = records.get(use);
        if (known == null) {
            SchemaBuilder struct = struct(schema);
            known = (optional ? struct.optional() : struct).build();
            records.put(use, known);
        }
        return known;
    }

    private SchemaBuilder struct(Schema schema) {
        SchemaBuilder struct = SchemaBuilder.struct().name(schema.getFullName());
        if (schema.getDoc() != null) {
            struct.doc(schema.getDoc());
        }
        for (Schema.Field field : schema.getFields()) {
            struct.field(field.name(), of(field.schema(), false, field));
        }
        return struct;
    }

    private static org.apache.kafka.connect.data.Schema finish(
            SchemaBuilder builder, boolean optional, Schema.@Nullable Field field) {
        if (optional) {
            builder.optional();
        }
        if (field != null) {
            if (field.doc() != null) {
                builder.doc(field.doc());
            }
            field.getObjectProps().forEach((name, value) -> builder.parameter(name, value.toString()));
            if (field.hasDefaultValue() && !optional) { // the default of an optional field is null
                builder.defaultValue(field.defaultVal());
            }
        }
        return builder.build();
    }

    private SchemaBuilder builder(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return Decimal.builder(decimal.getScale()).parameter(PRECISION, Integer.toString(decimal.getPrecision()));
        }
        if (logical instanceof LogicalTypes.Date) {
            return Date.builder();
        }
        SchemaBuilder builder = switch (schema.getType()) {
            case BOOLEAN -> SchemaBuilder.bool();
            case INT -> SchemaBuilder.int32();
            case LONG -> SchemaBuilder.int64();
            case FLOAT -> SchemaBuilder.float32();
            case DOUBLE -> SchemaBuilder.float64();
            case STRING -> SchemaBuilder.string();
            case BYTES -> SchemaBuilder.bytes();
            case ARRAY -> SchemaBuilder.array(of(schema.getElementType(), false, null));
            default -> throw new IllegalStateException("no schema of type " + schema.getType());
        };
        return logical == null ? builder : builder.parameter(LOGICAL_TYPE, logical.getName());
    }
}
