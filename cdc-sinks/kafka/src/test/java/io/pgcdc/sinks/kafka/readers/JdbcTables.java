package io.pgcdc.sinks.kafka.readers;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tables of the types that Debezium's JDBC sink makes columns of, and how a column here is compared with one there. */
final class JdbcTables {

    /** By column: in place of its text, where the connector's column is of another type. */
    private static final Map<String, String> ASKED = Map.of(
            "m", "%s::float8", // numeric without a scale: double precision
            "h", "%s::jsonb", // hstore: json
            "b1", "%s::text::boolean", // bit: boolean
            "iv", "%s::interval::text", // interval, under interval_handling_mode: string: text
            "c", "rtrim(%s)", // char: text with its blanks
            "ip", "host(%s::inet)"); // inet: text

    private JdbcTables() {}

    static List<RandomTable> tables(Random random) {
        return List.of(
                new RandomTable(
                        "numbers",
                        List.of("id"),
                        List.of(
                                new Column("i2", "int2", Literals::smallint),
                                new Column("i4", "int4", Literals::integer),
                                new Column("i8", "int8", Literals::bigint),
                                new Column("f4", "float4", Literals::real),
                                new Column("f8", "float8", Literals::doublePrecision),
                                new Column("n", "numeric(20,4)", Literals.numeric(16, 4)),
                                new Column("n0", "numeric(38)", Literals.numeric(38, 0)),
                                new Column("m", "numeric", Literals::anyNumeric),
                                new Column("b", "boolean", Literals::bool)),
                        random),
                new RandomTable(
                        "texts",
                        List.of("id", "part"),
                        List.of(
                                new Column("t", "text", Literals::large),
                                new Column("vc", "varchar(60)", Literals::text),
                                new Column("c", "char(40)", Literals::text),
                                new Column("by", "bytea", Literals::bytes),
                                new Column("u", "uuid", Literals::uuid),
                                new Column("j", "json", Literals::json),
                                new Column("jb", "jsonb", Literals::json),
                                new Column("x", "xml", Literals.oneOf("<a b=\"c\">d</a>", "<a/>")),
                                new Column("e", "mood", Literals.oneOf("sad", "very happy")),
                                new Column("ip", "inet", Literals.oneOf("10.0.0.1", "::1")),
                                new Column("b1", "bit", Literals.bits(1)),
                                new Column("h", "hstore", Literals.oneOf("", "a=>1", "a=>NULL,\"b c\"=>\"d\""))),
                        random),
                new RandomTable(
                        "times",
                        List.of("id"),
                        List.of(
                                new Column("d", "date", Literals::date),
                                new Column("tm", "time", Literals::time),
                                new Column("tm3", "time(3)", Literals::time),
                                new Column("ts", "timestamp", Literals::timestamp),
                                new Column("ts3", "timestamp(3)", Literals::timestamp),
                                new Column("tz", "timestamptz", Literals::timestamptz),
                                new Column(
                                        "iv",
                                        "interval",
                                        Literals.oneOf("1 year 2 mons 1 day 02:03:04.5", "-00:00:01.000001"))),
                        random),
                new RandomTable(
                        "arrays",
                        List.of("id"),
                        List.of(
                                new Column("i2", "int2[]", Literals.array("int2", Literals::smallint)),
                                new Column("ia", "int[]", Literals.array("int", Literals::integer)),
                                new Column("la", "int8[]", Literals.array("int8", Literals::bigint)),
                                new Column("ta", "text[]", Literals.array("text", Literals::text)),
                                new Column("ba", "bool[]", Literals.array("bool", Literals::bool)),
                                new Column("ua", "uuid[]", Literals.array("uuid", Literals::uuid))),
                        random));
    }

    /** SQL of all its rows in the order of their key, which has the same answer on both sides. */
    static String asked(RandomTable table) {
        Stream<String> columns = table.columns().stream()
                .map(c -> ASKED.getOrDefault(c.name(), "\"%s\"::text").formatted(c.name()));
        return "SELECT "
                + Stream.concat(table.key().stream(), columns).collect(Collectors.joining(", "))
                + " FROM " + table.name() + " ORDER BY 1, 2";
    }
}
