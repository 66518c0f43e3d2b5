package io.pgcdc.sinks.avro;

import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.sinks.object.ValueReader;
import io.pgcdc.sinks.object.Values;
import io.pgcdc.sinks.text.Oids;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Chooses the Avro type of a column's values.
 *
 * <pre>
 *   bool                      boolean
 *   int2, int4                int
 *   int8, oid                 long
 *   float4, float8            float, double
 *   numeric(p,s)              bytes, decimal(p,s)         numeric without (p,s), or with s < 0 or s > p: string
 *   bytea                     bytes
 *   uuid                      string, uuid
 *   date                      int, date                   the infinities as the largest and smallest int, as in the server
 *   time                      long, time-micros
 *   timestamptz               long, timestamp-micros      the infinities as the largest and smallest long
 *   timestamp                 long, local-timestamp-micros
 *   an array of any of these  array of null or T          of one dimension
 *   a domain                  its base type's, without a typmod
 *   any other                 string, PostgreSQL's text
 * </pre>
 */
final class AvroTypes {

    /** A typmod contains a length plus this constant (postgres.h, "VARHDRSZ"). */
    private static final int VARHDRSZ = 4;

    private static final int NO_TYPMOD = -1;

    private AvroTypes() {}

    static AvroType of(Column column) {
        return of(column.type(), column.typmod());
    }

    /** Returns the Avro type for PostgreSQL's text. It fits a column of any type. */
    static AvroType text() {
        return new AvroType(Schema.create(Schema.Type.STRING), Binary::appendBytes, Values::text);
    }

    private static AvroType of(PgType type, int typmod) {
        PgType element = type.element();
        return switch (type.kind()) {
            case DOMAIN -> element == null ? text() : of(element, NO_TYPMOD);
            case ARRAY -> element == null || isVector(type.oid()) ? text() : array(of(element, typmod), element);
            case BASE -> type.extension() == null ? base(type.oid(), typmod) : text();
            case ENUM, COMPOSITE, RANGE, MULTIRANGE, UNRESOLVED -> text();
        };
    }

    /** Returns true for vectors: their text has no braces. */
    private static boolean isVector(int oid) {
        return oid == Oids.INT2VECTOR || oid == Oids.OIDVECTOR;
    }

    private static AvroType array(AvroType element, PgType type) {
        return new AvroType(
                Schema.createArray(nullable(element.schema())),
                new ArrayValue(type.delimiter(), element.values()),
                ArrayValue.objects(type.delimiter(), element.objects()));
    }

    static Schema nullable(Schema schema) {
        return Schema.createUnion(Schema.create(Schema.Type.NULL), schema);
    }

    private static AvroType base(int oid, int typmod) {
        return switch (oid) {
            case Oids.BOOL -> of(Schema.Type.BOOLEAN, NumberValues::appendBool, Values::bool);
            case Oids.INT2, Oids.INT4 -> of(Schema.Type.INT, NumberValues::appendInteger, Values::int32);
            case Oids.INT8, Oids.OID -> of(Schema.Type.LONG, NumberValues::appendInteger, Values::int64);
            case Oids.FLOAT4 -> of(Schema.Type.FLOAT, NumberValues::appendFloat, Values::float32);
            case Oids.FLOAT8 -> of(Schema.Type.DOUBLE, NumberValues::appendDouble, Values::float64);
            case Oids.NUMERIC -> numeric(typmod);
            case Oids.BYTEA -> of(Schema.Type.BYTES, new ByteaValue(), Values::bytes);
            case Oids.UUID -> of(Schema.Type.STRING, LogicalTypes.uuid(), Binary::appendBytes, Values::text);
            case Oids.DATE -> date();
            case Oids.TIME -> time();
            case Oids.TIMESTAMPTZ -> timestamp("timestamptz", LogicalTypes.timestampMicros());
            case Oids.TIMESTAMP -> timestamp("timestamp", LogicalTypes.localTimestampMicros());
            default -> text();
        };
    }

    private static AvroType date() {
        DateValue values = new DateValue();
        return of(Schema.Type.INT, LogicalTypes.date(), values, values::days);
    }

    private static AvroType time() {
        TimeValue values = new TimeValue();
        return of(Schema.Type.LONG, LogicalTypes.timeMicros(), values, values::micros);
    }

    private static AvroType timestamp(String type, LogicalType logical) {
        TimestampValue values = new TimestampValue(type);
        return of(Schema.Type.LONG, logical, values, values::micros);
    }

    private static AvroType numeric(int typmod) {
        if (typmod == NO_TYPMOD) {
            return text();
        }
        // numeric.c, "make_numeric_typmod": 16 bits of precision, 11 bits of signed scale
        int packed = typmod - VARHDRSZ;
        int precision = packed >>> 16;
        int scale = ((packed & 0x7FF) ^ 1024) - 1024;
        return scale < 0 || scale > precision ? text() : decimal(precision, scale);
    }

    private static AvroType decimal(int precision, int scale) {
        DecimalValue values = new DecimalValue(scale);
        return of(Schema.Type.BYTES, LogicalTypes.decimal(precision, scale), values, values::decimal);
    }

    private static AvroType of(Schema.Type type, AvroValue values, ValueReader objects) {
        return new AvroType(Schema.create(type), values, objects);
    }

    private static AvroType of(Schema.Type type, LogicalType logical, AvroValue values, ValueReader objects) {
        return new AvroType(logical.addToSchema(Schema.create(type)), values, objects);
    }
}
