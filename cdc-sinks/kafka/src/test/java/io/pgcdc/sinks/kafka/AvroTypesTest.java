package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code format: avro} makes of each type's values, read by Avro's own reader, beside what PostgreSQL says that they are. */
class AvroTypesTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();

    private static final String TEXT = "v::text";
    private static final String DAYS =
            "CASE WHEN v IS NULL THEN NULL WHEN isfinite(v) THEN (v - date '1970-01-01')::text"
                    + " WHEN v > '2000-01-01' THEN '2147483647' ELSE '-2147483648' END";
    private static final String TIME = "(extract(epoch FROM v) * 1000000)::bigint::text";
    private static final String MICROS =
            "CASE WHEN v IS NULL THEN NULL WHEN isfinite(v) THEN (extract(epoch FROM v) * 1000000)::bigint::text"
                    + " WHEN v > '2000-01-01' THEN '9223372036854775807' ELSE '-9223372036854775808' END";

    @TempDir
    Path directory;

    /**
     * A type's values.
     *
     * @param avro its Avro type, and logical type
     * @param expected SQL that makes text of v
     * @param shown makes the same text of what Avro's reader gives
     * @param normal makes of the SQL's text what {@code shown} gives
     */
    private record Kind(
            String type,
            String avro,
            String expected,
            Function<Object, String> shown,
            Function<String, String> normal,
            List<String> values) {

        Kind(String type, String avro, String expected, Function<Object, String> shown, String... values) {
            this(type, avro, expected, shown, text -> text, List.of(values));
        }

        /** Of PostgreSQL's text. */
        Kind(String type, String avro, String... values) {
            this(type, avro, TEXT, Object::toString, values);
        }

        /** Arrays, element by element. */
        Kind array(String... arrays) {
            String elements =
                    "(SELECT coalesce(string_agg(coalesce(" + expected + ", 'NULL'), '|'), '') FROM unnest(v) v)";
            Function<Object, String> each = list -> ((List<?>) list)
                    .stream().map(e -> e == null ? "NULL" : shown.apply(e)).collect(Collectors.joining("|"));
            return new Kind(type + "[]", "array of " + avro, elements, each, arrays);
        }
    }

    private static final Kind FLOAT8 = new Kind(
            "float8",
            "double",
            TEXT,
            Object::toString,
            text -> Double.toString(Double.parseDouble(text)),
            List.of(
                    "0",
                    "-0",
                    "0.1",
                    "1e15",
                    "1e-5",
                    "1.7976931348623157e308",
                    "5e-324",
                    "NaN",
                    "Infinity",
                    "-Infinity"));

    private static final List<Kind> KINDS = kinds();

    private static List<Kind> kinds() {
        Kind int4 = new Kind("int4", "int", "0", "-1", "63", "64", "-65", "2147483647", "-2147483648");
        Kind text = new Kind("text", "string", "", "a", "ä€😀", "with \"quotes\", \\ and\nlines", "x".repeat(300));
        Kind date = new Kind(
                "date",
                "int date",
                DAYS,
                Object::toString,
                "1970-01-01",
                "2026-11-25",
                "1969-12-31",
                "0044-03-15 BC",
                "4713-01-01 BC",
                "5874897-12-31",
                "infinity",
                "-infinity");
        Kind stamp = new Kind(
                "timestamptz",
                "long timestamp-micros",
                MICROS,
                Object::toString,
                "1970-01-01 00:00:00+00",
                "2026-11-25 01:02:03.456789+05:30",
                "0044-03-15 12:00:00+00 BC",
                "294247-01-09 23:59:59.999999+00",
                "infinity",
                "-infinity");
        Kind decimal = decimal("numeric(10,2)", 10, 2, "0", "1.5", "-99999999.99", "-1.28", "1.27", "-0.01");
        return List.of(
                new Kind("bool", "boolean", "t", "f"),
                new Kind("int2", "int", "0", "32767", "-32768"),
                int4,
                new Kind("int8", "long", "0", "9223372036854775807", "-9223372036854775808"),
                new Kind("oid", "long", "0", "4294967295"),
                new Kind(
                        "float4",
                        "float",
                        TEXT,
                        Object::toString,
                        t -> Float.toString(Float.parseFloat(t)),
                        List.of("0", "1.5", "1e20", "3.4028235e38", "1e-45", "NaN", "-Infinity", "16777216")),
                FLOAT8,
                new Kind("numeric", "string", "0", "1.00", "1e-50", "NaN", "Infinity", "-Infinity"),
                decimal,
                decimal(
                        "numeric(38,10)",
                        38,
                        10,
                        "1234567890123456789012345678.0123456789",
                        "-1",
                        "999999999999999999",
                        "-1000000000000000000"),
                new Kind("numeric(3,5)", "string", "0.00123"),
                new Kind("numeric(3,-2)", "string", "12300"),
                new Kind("money", "string", "1.23", "-1234567.89"),
                text,
                new Kind("varchar(7)", "string", "abc"),
                new Kind("char(3)", "string", "v::bpchar", Object::toString, "a"),
                new Kind("\"char\"", "string", "x"),
                new Kind("name", "string", "a name"),
                new Kind("uuid", "string uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
                date,
                new Kind("time", "long time-micros", TIME, Object::toString, "00:00", "12:34:56.789012", "24:00:00"),
                stamp,
                new Kind(
                        "timestamp",
                        "long local-timestamp-micros",
                        MICROS,
                        Object::toString,
                        "2026-11-25 01:02:03.456789",
                        "4713-01-01 00:00:00 BC",
                        "infinity"),
                new Kind("timetz", "string", "12:34:56+05:30"),
                new Kind("interval", "string", "1 year 2 mons -3 days +04:05:06.7"),
                new Kind("bytea", "bytes", "encode(v, 'hex')", AvroTypesTest::hex, "\\xdeadbeef", "", "\\x00ff"),
                new Kind("json", "string", "{\"a\":  1.0}"),
                new Kind("jsonb", "string", "{\"a\": [1, null]}"),
                new Kind("xml", "string", "<a>b</a>"),
                new Kind("inet", "string", "10.0.0.0/8"),
                new Kind("bit(4)", "string", "1010"),
                new Kind("point", "string", "(1,2)"),
                new Kind("int4range", "string", "[1,5)"),
                new Kind("int4multirange", "string", "{[1,5),[7,9)}"),
                new Kind("tsvector", "string", "'a':1 'b':2"),
                new Kind("int2vector", "string", "1 2 3"),
                new Kind("mood", "string", "very happy"),
                new Kind("pair", "string", "(1,\"a b\")"),
                new Kind("hstore", "string", "\"a\"=>\"1\", \"b\"=>NULL"),
                new Kind("citext", "string", "AbC"),
                new Kind("d_int", "int", "7"),
                new Kind("d_code2", "string", "abc"),
                new Kind("d_numeric", "string", "1.50"),
                int4.array("{}", "{1,NULL,-3}", "[5:6]={1,2}"),
                text.array("{a,\"b c\",\"x\\\"y\\\\\",NULL,\"NULL\",\"\"}"),
                date.array("{2026-01-01,infinity,NULL}"),
                stamp.array("{\"2026-01-01 00:00:00+00\"}"),
                decimal.array("{1.5,NULL}"),
                new Kind("box", "string", "(3,4),(1,2)").array("{(3,4),(1,2);(5,6),(5,5)}"),
                new Kind("bytea", "bytes", "encode(v, 'hex')", AvroTypesTest::hex).array("{\"\\\\xdead\",\"\\\\x\"}"),
                new Kind("mood", "string", "sad").array("{sad,\"very happy\"}"));
    }

    private static Kind decimal(String type, int precision, int scale, String... values) {
        return new Kind(
                type,
                "bytes decimal(" + precision + "," + scale + ")",
                TEXT,
                b -> new BigDecimal(new BigInteger(bytes(b)), scale).toPlainString(),
                values);
    }

    private static byte[] bytes(Object buffer) {
        ByteBuffer bytes = ((ByteBuffer) buffer).duplicate();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    private static String hex(Object buffer) {
        return HexFormat.of().formatHex(bytes(buffer));
    }

    @Test
    void valuesAreWhatTheServerSaysTheyAre() {
        ApicurioRegistry registry = ApicurioRegistry.shared();
        try (TargetDatabase source = new TargetDatabase(18)) {
            String slot = source.name() + "_slot";
            source.sql(
                    "CREATE EXTENSION hstore",
                    "CREATE EXTENSION citext",
                    "CREATE TYPE mood AS ENUM ('sad', 'very happy')",
                    "CREATE TYPE pair AS (a int, b text)",
                    "CREATE DOMAIN d_int AS int",
                    "CREATE DOMAIN d_code AS varchar(7)",
                    "CREATE DOMAIN d_code2 AS d_code",
                    "CREATE DOMAIN d_numeric AS numeric(10,2)",
                    "CREATE PUBLICATION captured FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
            List<String> columns = new ArrayList<>(List.of("id int PRIMARY KEY"));
            for (int i = 0; i < KINDS.size(); i++) {
                columns.add("c" + i + " " + KINDS.get(i).type());
            }
            source.sql("CREATE TABLE types (" + String.join(", ", columns) + ")");
            int rows = insert(source);

            Sink sink = KafkaTarget.sink(
                    source.name(),
                    "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                    "format=avro",
                    "schema_registry=url=" + registry.url(),
                    "partitions=1",
                    "prefix=" + source.name());
            new Captured(source, directory.resolve("queue")).bringTo(Map.of("bus", sink));

            List<GenericRecord> changes = new AvroReader(registry)
                    .values(TopicReader.read(BROKER.bootstrapServers(), source.name() + ".public.types"));
            assertEquals(rows, changes.size());
            Schema row = ((GenericRecord) changes.get(0).get("new_data")).getSchema();
            for (int i = 0; i < KINDS.size(); i++) {
                Kind kind = KINDS.get(i);
                assertEquals(
                        "null or " + kind.avro(), name(row.getField("c" + i).schema()), kind.type());
                for (int r = 0; r < rows; r++) {
                    Object value = ((GenericRecord) changes.get(r).get("new_data")).get("c" + i);
                    String expected = source.ask("SELECT " + kind.expected() + " FROM (SELECT c" + i
                            + " AS v FROM types WHERE id = " + r + ") AS row");
                    assertEquals(
                            r < kind.values().size() ? kind.normal().apply(expected) : null,
                            value == null ? null : kind.shown().apply(value),
                            kind.type() + " of row " + r);
                }
            }
        }
    }

    /** As many rows as the longest list of values has, and one of nulls. */
    private static int insert(TargetDatabase source) {
        int rows = 1 + KINDS.stream().mapToInt(k -> k.values().size()).max().orElseThrow();
        for (int r = 0; r < rows; r++) {
            List<String> values = new ArrayList<>(List.of(Integer.toString(r)));
            for (Kind kind : KINDS) {
                values.add(r < kind.values().size() ? "'" + kind.values().get(r).replace("'", "''") + "'" : "NULL");
            }
            source.sql("INSERT INTO types VALUES (" + String.join(", ", values) + ")");
        }
        return rows;
    }

    private static String name(Schema schema) {
        return switch (schema.getType()) {
            case UNION ->
                schema.getTypes().get(0).getName() + " or "
                        + name(schema.getTypes().get(1));
            case ARRAY -> "array of " + name(schema.getElementType()).replace("null or ", "");
            default -> {
                String type = schema.getName();
                if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
                    yield type + " decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
                }
                yield schema.getLogicalType() == null
                        ? type
                        : type + " " + schema.getLogicalType().getName();
            }
        };
    }
}
