package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.value.ValueEncoder;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.sinks.object.ArrayReader;
import io.pgcdc.sinks.object.DecimalReader;
import io.pgcdc.sinks.object.Values;
import io.pgcdc.sinks.text.Oids;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the form of a column's values by its type, as Debezium does. A domain has the form of its base type. Types that Debezium
 * does not know have no form; records leave out their columns.
 */
final class ColumnForms {

    /** A typmod contains a length plus this constant (postgres.h, "VARHDRSZ"). */
    private static final int VARHDRSZ = 4;

    /** The length in the schema of a varbit without a limit. */
    private static final int UNLIMITED_BITS = Integer.MAX_VALUE;

    private static final int NO_TYPMOD = -1;
    private static final int TIME_PRECISION_MASK = 0xFFFF;

    private static final ValueForm TEXT = (b, offset, length, out) -> out.appendString(b, offset, length);
    private static final ConnectSchema JSON = ConnectSchema.STRING.named("io.debezium.data.Json", 1);

    private final DebeziumOptions options;
    private final TimeForms times;
    private final BinaryForm binary;

    ColumnForms(DebeziumOptions options) {
        this.options = options;
        times = new TimeForms(options.times());
        binary = new BinaryForm(options.binary());
    }

    /** Returns the form of a column's values, or null if Debezium does not know the type and leaves the column out. */
    @Nullable
    ColumnForm of(Column column) {
        return of(column.type(), column.typmod());
    }

    private @Nullable ColumnForm of(PgType type, int typmod) {
        PgType element = type.element();
        return switch (type.kind()) {
            // the length or precision of the domain is not known here
            case DOMAIN -> element == null ? null : of(element, NO_TYPMOD);
            case ARRAY -> element == null ? null : array(type, element, typmod);
            case ENUM -> text(ConnectSchema.STRING.named("io.debezium.data.Enum", 1));
            case RANGE -> isBuiltInRange(type.oid()) ? text(ConnectSchema.STRING) : null;
            case BASE -> type.extension() == null ? base(type, typmod) : ofExtension(type);
            case COMPOSITE, MULTIRANGE, UNRESOLVED -> null;
        };
    }

    private @Nullable ColumnForm base(PgType type, int typmod) {
        return switch (type.oid()) {
            case Oids.INT2 -> new ColumnForm(ConnectSchema.of("int16"), NumberForms.integer(), Values::int16);
            case Oids.INT4 -> new ColumnForm(ConnectSchema.INT32, NumberForms.integer(), Values::int32);
            case Oids.INT8, Oids.OID -> new ColumnForm(ConnectSchema.INT64, NumberForms.integer(), Values::int64);
            case Oids.FLOAT4 -> new ColumnForm(ConnectSchema.of("float"), NumberForms::appendFloat, Values::float32);
            case Oids.FLOAT8 -> new ColumnForm(ConnectSchema.DOUBLE, NumberForms::appendFloat, Values::float64);
            case Oids.BOOL -> new ColumnForm(ConnectSchema.of("boolean"), NumberForms.bool(), Values::bool);
            case Oids.NUMERIC -> numeric(typmod);
            case Oids.MONEY -> money();
            case Oids.BIT, Oids.VARBIT -> bits(typmod);
            case Oids.BYTEA -> new ColumnForm(binary.schema(), binary, unavailableBinary(), binary.objects());
            case Oids.DATE -> times.date();
            case Oids.TIME -> times.time(precision(typmod));
            case Oids.TIMETZ -> TimeForms.timeWithZone();
            case Oids.TIMESTAMP -> times.timestamp(precision(typmod));
            case Oids.TIMESTAMPTZ -> TimeForms.timestampWithZone(precision(typmod));
            case Oids.INTERVAL -> new IntervalForm(options.intervals()).column();
            case Oids.POINT -> new ColumnForm(PointForm.SCHEMA, new PointForm(), PointForm::read);
            case Oids.UUID -> text(ConnectSchema.STRING.named("io.debezium.data.Uuid", 1));
            case Oids.JSON, Oids.JSONB -> text(JSON);
            case Oids.XML -> text(ConnectSchema.STRING.named("io.debezium.data.Xml", 1));
            case Oids.TSVECTOR -> text(ConnectSchema.STRING.named("io.debezium.data.Tsvector", 1));
            case Oids.TEXT,
                    Oids.VARCHAR,
                    Oids.BPCHAR,
                    Oids.CHAR,
                    Oids.NAME,
                    Oids.INET,
                    Oids.CIDR,
                    Oids.MACADDR,
                    Oids.MACADDR8 -> text(ConnectSchema.STRING);
            default -> null;
        };
    }

    private @Nullable ColumnForm ofExtension(PgType type) {
        return switch (type.extension() + "." + type.name()) {
            case "citext.citext", "isn.isbn" -> text(ConnectSchema.STRING);
            case "ltree.ltree" -> text(ConnectSchema.STRING.named("io.debezium.data.Ltree", 1));
            case "hstore.hstore" -> hstore(type);
            default -> null;
        };
    }

    private ColumnForm text(ConnectSchema schema) {
        return new ColumnForm(schema, TEXT, ConnectSchema.quoted(options.unavailable()), Values::text);
    }

    private ColumnForm hstore(PgType type) {
        String pair = "{" + ConnectSchema.quoted(options.unavailable()) + ":"
                + ConnectSchema.quoted(options.unavailable()) + "}";
        if (options.hstore() == HstoreMode.MAP) {
            ValueEncoder object = ValueEncoder.of(type);
            return new ColumnForm(
                    ConnectSchema.map(ConnectSchema.STRING, ConnectSchema.STRING),
                    object::encode,
                    pair,
                    new HstoreReader());
        }
        HstoreForm text = new HstoreForm(type);
        return new ColumnForm(JSON, text, ConnectSchema.quoted(pair), text::read);
    }

    private ColumnForm numeric(int typmod) {
        if (options.decimals() != DecimalMode.PRECISE) {
            return inexact();
        }
        if (typmod == NO_TYPMOD) {
            ConnectSchema schema = ConnectSchema.struct(List.of(
                            ConnectSchema.INT32.field(false, "scale"), ConnectSchema.BYTES.field(false, "value")))
                    .named("io.debezium.data.VariableScaleDecimal", 1)
                    .doc("Variable scaled decimal");
            return new ColumnForm(schema, DecimalForm.ofVariableScale(), ObjectForms.variableScale());
        }
        // numeric.c, "make_numeric_typmod": 16 bits of precision, 11 bits of signed scale
        int packed = typmod - VARHDRSZ;
        int scale = ((packed & 0x7FF) ^ 1024) - 1024;
        return new ColumnForm(
                decimal()
                        .parameters(
                                "scale",
                                Integer.toString(scale),
                                "connect.decimal.precision",
                                Integer.toString(packed >>> 16)),
                DecimalForm.ofScale(scale),
                NumberForms.number(),
                ColumnForm.NULL,
                new DecimalReader(scale));
    }

    private ColumnForm money() {
        if (options.decimals() != DecimalMode.PRECISE) {
            ColumnForm number = inexact();
            return new ColumnForm(number.schema(), new MoneyForm(number.values()), new MoneyReader(number.objects()));
        }
        return new ColumnForm(
                decimal().parameters("scale", Integer.toString(MoneyForm.SCALE)),
                new MoneyForm(DecimalForm.ofScale(MoneyForm.SCALE)),
                new MoneyForm(NumberForms.number()),
                ColumnForm.NULL,
                new MoneyReader(new DecimalReader(MoneyForm.SCALE)));
    }

    private static ConnectSchema decimal() {
        return ConnectSchema.BYTES.named("org.apache.kafka.connect.data.Decimal", 1);
    }

    private ColumnForm inexact() {
        return options.decimals() == DecimalMode.DOUBLE
                ? new ColumnForm(ConnectSchema.DOUBLE, NumberForms::appendDouble, Values::float64)
                : new ColumnForm(
                        ConnectSchema.STRING,
                        NumberForms::appendNumericText,
                        ConnectSchema.quoted(options.unavailable()),
                        ObjectForms.quoted(NumberForms::appendNumericText));
    }

    private static ColumnForm bits(int typmod) {
        if (typmod == 1) {
            return new ColumnForm(ConnectSchema.of("boolean"), BitsForm::appendBool, BitsForm::bool);
        }
        int length = typmod > 0 ? typmod : UNLIMITED_BITS;
        return new ColumnForm(
                ConnectSchema.BYTES.named("io.debezium.data.Bits", 1).parameters("length", Integer.toString(length)),
                new BitsForm(),
                BitsForm::bytes);
    }

    /** Returns the placeholder for bytea as Debezium writes it. It is null in both base64 string modes. */
    private String unavailableBinary() {
        return switch (options.binary()) {
            case BYTES -> {
                byte[] bytes = options.unavailable().getBytes(StandardCharsets.UTF_8);
                yield new JsonBuffer().appendBase64(bytes, 0, bytes.length).toString();
            }
            case HEX -> ConnectSchema.quoted(options.unavailable());
            case BASE64, BASE64_URL_SAFE -> ColumnForm.NULL;
        };
    }

    private @Nullable ColumnForm array(PgType type, PgType element, int typmod) {
        if (type.oid() == Oids.INT2VECTOR || type.oid() == Oids.OIDVECTOR) {
            ConnectSchema items = ConnectSchema.of(type.oid() == Oids.INT2VECTOR ? "int16" : "int64");
            return new ColumnForm(
                    ConnectSchema.array(items),
                    new VectorForm(),
                    VectorForm.objects(type.oid() == Oids.INT2VECTOR ? Values::int16 : Values::int64));
        }
        ColumnForm form = isLeftOutInArrays(element) ? null : of(element, typmod);
        return form == null
                ? null
                : new ColumnForm(
                        ConnectSchema.array(form.schema()),
                        new ArrayForm(element.delimiter(), form.values()),
                        unavailableArray(element.oid()),
                        new ArrayReader(element.delimiter(), form.objects()));
    }

    /** Returns true if Debezium leaves out arrays of this type. It may know the type itself. */
    private static boolean isLeftOutInArrays(PgType element) {
        return switch (element.kind()) {
            case DOMAIN, ARRAY -> true;
            default ->
                switch (element.oid()) {
                    case Oids.MONEY, Oids.NAME, Oids.INTERVAL, Oids.BIT, Oids.VARBIT, Oids.XML, Oids.POINT -> true;
                    default -> false;
                };
        };
    }

    /**
     * Returns the placeholder for an unchanged array, or null as JSON if Debezium has none. For whole numbers it is an array of the
     * codes of the placeholder's characters.
     */
    private String unavailableArray(int element) {
        return switch (element) {
            case Oids.TEXT, Oids.VARCHAR, Oids.BPCHAR, Oids.JSON, Oids.JSONB ->
                "[" + ConnectSchema.quoted(options.unavailable()) + "]";
            case Oids.BYTEA -> options.binary() == BinaryMode.BYTES ? "[" + unavailableBinary() + "]" : ColumnForm.NULL;
            case Oids.UUID ->
                "[\"" + UUID.nameUUIDFromBytes(options.unavailable().getBytes(StandardCharsets.UTF_8)) + "\"]";
            case Oids.INT4, Oids.INT8 -> codes();
            case Oids.DATE ->
                options.times() == TimePrecision.ADAPTIVE || options.times() == TimePrecision.ADAPTIVE_TIME_MICROSECONDS
                        ? codes()
                        : ColumnForm.NULL;
            default -> ColumnForm.NULL;
        };
    }

    private String codes() {
        return options.unavailable().chars().mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
    }

    private static int precision(int typmod) {
        return typmod == NO_TYPMOD ? NO_TYPMOD : typmod & TIME_PRECISION_MASK;
    }

    private static boolean isBuiltInRange(int oid) {
        return switch (oid) {
            case Oids.INT4RANGE, Oids.NUMRANGE, Oids.TSRANGE, Oids.TSTZRANGE, Oids.DATERANGE, Oids.INT8RANGE -> true;
            default -> false;
        };
    }
}
