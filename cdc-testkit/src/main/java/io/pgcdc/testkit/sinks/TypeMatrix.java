package io.pgcdc.testkit.sinks;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Types and values that Debezium reads: those of its failures are left out, and stand in docs/reference/debezium-format.md. */
public final class TypeMatrix {

    public static final List<String> TYPES = List.of(
            "CREATE EXTENSION hstore",
            "CREATE EXTENSION citext",
            "CREATE EXTENSION ltree",
            "CREATE EXTENSION isn",
            "CREATE EXTENSION cube",
            "CREATE TYPE mood AS ENUM ('sad', 'very happy')",
            "CREATE TYPE pair AS (a int, b text)",
            "CREATE TYPE text_range AS RANGE (subtype = text)",
            "CREATE DOMAIN d_int AS int",
            "CREATE DOMAIN d_numeric AS numeric",
            "CREATE DOMAIN d_text AS text",
            "CREATE DOMAIN d_code AS varchar(7)",
            "CREATE DOMAIN d_code2 AS d_code",
            "CREATE DOMAIN d_stamp AS timestamp",
            "CREATE DOMAIN d_bytes AS bytea",
            "CREATE DOMAIN d_json AS jsonb",
            "CREATE DOMAIN d_ints AS int[]",
            "CREATE DOMAIN d_hstore AS hstore",
            "CREATE DOMAIN d_xid AS xid");

    private static final int RANDOM_VALUES = 8;

    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final Random random;

    public TypeMatrix(int serverVersion, long seed) {
        random = new Random(seed);
        numbers(serverVersion);
        texts();
        bits();
        times();
        others();
        arrays();
        unknown();
    }

    /** Column type to values, as text that its input function reads. */
    public Map<String, List<String>> values() {
        return values;
    }

    /** Leaves values of a type out. Call it before all others. */
    public TypeMatrix without(String type, String... texts) {
        values.getOrDefault(type, new ArrayList<>()).removeAll(List.of(texts));
        return this;
    }

    /** A table for each type: id, the value, and a number that a change touches. */
    public List<String> tables() {
        List<String> sql = new ArrayList<>();
        int n = 0;
        for (String type : values.keySet()) {
            sql.add("CREATE TABLE " + table(n) + " (id int PRIMARY KEY, v " + type + ", n int)");
            sql.add("ALTER TABLE " + table(n++) + " REPLICA IDENTITY FULL");
        }
        return sql;
    }

    /** Returns SQL that inserts each value, and a NULL. */
    public List<String> rows() {
        List<String> sql = new ArrayList<>();
        int n = 0;
        for (List<String> ofType : values.values()) {
            String table = table(n++);
            int id = 0;
            for (String value : ofType) {
                sql.add("INSERT INTO " + table + " VALUES (" + id++ + ", '" + value.replace("'", "''") + "', 1)");
            }
            sql.add("INSERT INTO " + table + " VALUES (" + id + ", NULL, 1)");
        }
        return sql;
    }

    /** Returns SQL that updates and deletes some of the rows. */
    public List<String> changes() {
        List<String> sql = new ArrayList<>();
        for (int n = 0; n < values.size(); n++) {
            sql.add("UPDATE " + table(n) + " SET n = 2 WHERE id < 3");
            sql.add("UPDATE " + table(n) + " SET v = NULL WHERE id = 0");
            sql.add("DELETE FROM " + table(n) + " WHERE id < 3");
        }
        return sql;
    }

    /** Returns the type under test in the table of a topic, or "". */
    public String typeOf(String topic) {
        String table = topic.substring(topic.lastIndexOf('.') + 1);
        if (table.equals("toast")) {
            return "hstore among others";
        }
        return table.startsWith("type_")
                ? List.copyOf(values.keySet()).get(Integer.parseInt(table.substring("type_".length())))
                : "";
    }

    static String table(int number) {
        return "type_" + number;
    }

    private void add(String type, String... texts) {
        values.put(type, new ArrayList<>(List.of(texts)));
    }

    private void addRandom(String type, Supplier<String> text, String... texts) {
        add(type, texts);
        for (int i = 0; i < RANDOM_VALUES; i++) {
            List<String> ofType = values.get(type);
            if (ofType != null) {
                ofType.add(text.get());
            }
        }
    }

    private void numbers(int serverVersion) {
        addRandom("int2", () -> Short.toString((short) random.nextInt()), "0", "-1", "32767", "-32768");
        addRandom("int4", () -> Integer.toString(random.nextInt()), "0", "2147483647", "-2147483648");
        addRandom("int8", () -> Long.toString(random.nextLong()), "9223372036854775807", "-9223372036854775808");
        addRandom("oid", () -> Integer.toUnsignedString(random.nextInt()), "0", "4294967295");
        addRandom(
                "float4",
                () -> Float.toString(Float.intBitsToFloat(random.nextInt())),
                "0",
                "-0",
                "1.5",
                "100000",
                "1e20",
                "1e-5",
                "3.4028235e38",
                "1e-45",
                "NaN",
                "Infinity",
                "-Infinity",
                "16777216",
                "123456.7");
        addRandom(
                "float8",
                () -> Double.toString(Double.longBitsToDouble(random.nextLong())),
                "0",
                "-0",
                "0.1",
                "1e15",
                "1e16",
                "1e-5",
                "12345678.9",
                "1.7976931348623157e308",
                "5e-324",
                "NaN",
                "Infinity",
                "-Infinity",
                "100");
        String[] numerics = {
            "0",
            "-0.00",
            "1",
            "1.00",
            "100",
            "-100.10",
            "1e-50",
            "1e50",
            "-128",
            "127",
            "128",
            "-129",
            "255",
            "256",
            "-32768",
            "65536",
            "NaN",
            "Infinity",
            "-Infinity",
            "999999999999999999",
            "-1000000000000000000",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "123456789012345678901234567890.12345678901234567890"
        };
        addRandom("numeric", this::decimal, numerics);
        addRandom("numeric(5)", () -> Integer.toString(random.nextInt(99_999)), "0", "12345", "-1");
        addRandom(
                "numeric(10,2)",
                () -> new BigDecimal(BigInteger.valueOf(random.nextInt()), 2).toString(),
                "0",
                "1.5",
                "-99999999.99",
                "NaN");
        addRandom(
                "numeric(30,10)",
                () -> new BigDecimal(new BigInteger(90, random), 10).toString(),
                "12345678901234567890.123456789",
                "-1",
                "0.0000000001",
                "99999999.9999999999");
        add("numeric(38,0)", "99999999999999999999999999999999999999", "-1");
        if (serverVersion >= 15) {
            add("numeric(3,5)", "0.00123", "-0.00999");
        }
        addRandom(
                "money",
                () -> new BigDecimal(BigInteger.valueOf(random.nextLong() >> 16), 2).toString(),
                "0",
                "1.23",
                "-1234567.89");
        add("bool", "t", "f");
    }

    private String decimal() {
        return new BigDecimal(new BigInteger(1 + random.nextInt(150), random), random.nextInt(30))
                .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1))
                .toPlainString();
    }

    private void texts() {
        String all = "\"q\" \\ / \n\t\r\u0007\u001f\u007f ünï 日本 \uD83D\uDC18";
        addRandom("text", this::word, "", "a", "NULL", all, "x".repeat(3000));
        add("varchar", "", "a", all);
        add("varchar(5)", "ab");
        add("char(5)", "ab", "");
        add("bpchar", "ab  ");
        add("\"char\"", "a", "");
        add("citext", "Ab");
        add("ltree", "a.b.c");
        add("isbn", "0-306-40615-2");
        add("mood", "sad", "very happy");
        add("uuid", "123e4567-e89b-12d3-a456-426614174000");
        add("json", "{\"a\": 1, \"b\" :[1, 2.0]}", "null", " 1 ");
        add("jsonb", "{\"a\": 1, \"b\" :[1, 2.0]}");
        add("xml", "<a b=\"c\">d</a>", "");
        add("inet", "10.0.0.1", "10.1.2.3/8", "::1");
        add("cidr", "10.0.0.0/8");
        add("macaddr", "08:00:2b:01:02:03");
        add("macaddr8", "08:00:2b:01:02:03:04:05");
        add("tsvector", "'a':1A,2 'c'");
        add("int4range", "[1,5)", "empty", "(,)");
        add("int8range", "[1,5)");
        add("numrange", "[1.5,2.5)");
        add("daterange", "[2026-01-01,2026-02-01)");
        add("tsrange", "[2026-01-01 00:00:00,2026-02-01 00:00:00)");
        add("tstzrange", "[2026-01-01 00:00:00+00,2026-02-01 00:00:00+00)");
        add(
                "hstore",
                "",
                "a=>1",
                "\"a \\\"b\\\"\"=>\"c\\\\d\", n=>NULL, \"\"=>\"\"",
                "b=>2,a=>1,zz=>9,aaaa=>\"\u0001\"");
    }

    private String word() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.appendCodePoint(random.nextInt(4) == 0 ? 0x4E00 + random.nextInt(2000) : 1 + random.nextInt(0x17F));
        }
        return text.toString();
    }

    private String bitText(int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            text.append(random.nextInt(2));
        }
        return text.toString();
    }

    private void bits() {
        addRandom(
                "bytea",
                () -> {
                    byte[] bytes = new byte[random.nextInt(40)];
                    random.nextBytes(bytes);
                    return "\\x" + HexFormat.of().formatHex(bytes);
                },
                "\\x",
                "\\xdeadbeef00",
                "\\xfbff");
        add("bit", "1", "0");
        add("bit(3)", "101", "000", "001", "100");
        add("bit(8)", "10000001");
        add("bit(20)", "10000000000000000001", "00000000000000000000");
        addRandom("varbit", () -> bitText(80), "", "101", "1", "0000");
        add("varbit(1)", "1", "0");
        addRandom("varbit(10)", () -> bitText(10), "", "101", "1000000001", "0");
    }

    private String date() {
        int year = switch (random.nextInt(4)) {
            case 0 -> 1 + random.nextInt(999);
            case 1 -> 1 + random.nextInt(99_999);
            default -> 1900 + random.nextInt(200);
        };
        return "%04d-%02d-%02d".formatted(year, 1 + random.nextInt(12), 1 + random.nextInt(28));
    }

    private String time() {
        return "%02d:%02d:%02d.%06d"
                .formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1_000_000));
    }

    private String stamp() {
        boolean early = random.nextInt(5) == 0;
        String date = early ? "%04d-05-06".formatted(1 + random.nextInt(4_000)) : date();
        return date + " " + time() + (early ? " BC" : "");
    }

    private void times() {
        String[] stamps = {
            "2026-01-02 03:04:05",
            "2026-01-02 03:04:05.678901",
            "2026-01-02 03:04:05.5",
            "2026-01-02 03:04:00",
            "1969-12-31 23:59:59.999999",
            "0044-03-15 12:00:00 BC",
            "4713-11-24 00:00:00 BC",
            "0001-01-01 00:00:00",
            "9999-12-31 23:59:59.999999",
            "12345-06-07 08:09:10",
            "infinity",
            "-infinity",
            "0001-12-31 00:00:00 BC",
            "2000-02-29 00:00:00",
            "1900-03-01 00:00:00"
        };
        addRandom(
                "date",
                this::date,
                "2026-01-02",
                "0044-03-15 BC",
                "12345-06-07",
                "0001-01-01",
                "1969-12-31",
                "infinity",
                "-infinity",
                "4714-11-24 BC",
                "5874897-12-31");
        for (String precision : List.of("", "(0)", "(1)", "(3)", "(4)", "(6)")) {
            addRandom("time" + precision, this::time, "00:00", "12:34:56.789", "23:59:58.123456");
            addRandom("timestamp" + precision, this::stamp, stamps);
            addRandom("timestamptz" + precision, this::stamp, stamps);
        }
        for (String precision : List.of("", "(0)", "(3)")) {
            addRandom(
                    "timetz" + precision,
                    () -> time()
                            + (random.nextBoolean() ? "+" : "-")
                            + "%02d:%02d".formatted(random.nextInt(14), random.nextInt(60)),
                    "00:00+00",
                    "12:34:56.789+05:30",
                    "01:00:00-08");
        }
        values.getOrDefault("time", new ArrayList<>()).add("24:00");
        addRandom(
                "interval",
                () -> "%d years %d mons %d days %s%s"
                        .formatted(
                                random.nextInt(-100, 100),
                                random.nextInt(-11, 12),
                                random.nextInt(-30, 31),
                                random.nextBoolean() ? "-" : "",
                                time()),
                "0",
                "1 year 2 mons -3 days 04:05:06.7",
                "1 mon",
                "30 days",
                "-1 year",
                "1 day -00:00:01.5",
                "-00:00:00.000001",
                "100 years 11 mons",
                "-3 days -04:05:06.789012",
                "-178000000 years",
                "1000:00:00");
        add("interval(2)", "1 day 00:00:01.55");
        add("interval year to month", "1 year 3 mons");
    }

    private void others() {
        add("point", "(1.5,-2)", "(1e20,0.1)", "(NaN,Infinity)", "(0,-0)");
        add("d_int", "5");
        add("d_numeric", "5.250");
        add("d_text", "a");
        add("d_code", "abc");
        add("d_code2", "abc");
        add("d_stamp", "2026-01-02 03:04:05.678");
        add("d_bytes", "\\xdead");
        add("d_json", "{\"a\":1}");
        add("d_ints", "{1,2}");
        add("d_hstore", "a=>1");
    }

    private void arrays() {
        add("int2[]", "{1,NULL,-3}", "{}", "[2:3]={1,2}");
        add("int4[]", "{1,2}");
        add("int8[]", "{1,NULL}");
        add("oid[]", "{1,4294967295}");
        add("float4[]", "{1.5,NaN,Infinity,1e20}");
        add("float8[]", "{1.5,NaN,-Infinity,0.1}");
        add("numeric[]", "{1.50,NULL,100}");
        add("numeric(10,2)[]", "{1.5,NULL}");
        add("bool[]", "{t,f,NULL}");
        add("text[]", "{a,\"b \\\"q\\\" \\\\ \n\",NULL,\"NULL\",\"\",\"{,}\"}", "{}");
        add("varchar(5)[]", "{a}");
        add("char(5)[]", "{a}");
        add("\"char\"[]", "{a}");
        add("bytea[]", "{\"\\\\xdead\",NULL}");
        add("date[]", "{2026-01-02,NULL}");
        add("time[]", "{12:34:56}");
        add("time(3)[]", "{12:34:56.789}");
        add("timetz[]", "{12:34:56+05:30,12:00:00+00}");
        add("timestamp[]", "{\"2026-01-02 03:04:05.678901\",NULL,infinity}");
        add("timestamp(3)[]", "{\"2026-01-02 03:04:05.678\"}");
        add("timestamptz[]", "{\"2026-01-02 03:04:05.678901\",infinity}");
        add("timestamptz(3)[]", "{\"2026-01-02 03:04:05.678\",\"2026-01-02 03:04:05.6\"}");
        add("uuid[]", "{123e4567-e89b-12d3-a456-426614174000}");
        add("json[]", "{\"{\\\"a\\\": 1}\",NULL}");
        add("jsonb[]", "{\"{\\\"a\\\": 1}\"}");
        add("inet[]", "{10.0.0.1}");
        add("cidr[]", "{10.0.0.0/8}");
        add("macaddr[]", "{08:00:2b:01:02:03}");
        add("macaddr8[]", "{08:00:2b:01:02:03:04:05}");
        add("int4range[]", "{\"[1,5)\"}");
        add("int8range[]", "{\"[1,5)\"}");
        add("numrange[]", "{\"[1,5)\"}");
        add("daterange[]", "{\"[2026-01-01,2026-02-01)\"}");
        add("tsrange[]", "{\"[\\\"2026-01-01 00:00:00\\\",)\"}");
        add("tstzrange[]", "{\"[\\\"2026-01-01 00:00:00+00\\\",)\"}");
        add("mood[]", "{sad,\"very happy\"}");
        add("citext[]", "{Ab}");
        add("ltree[]", "{a.b,c}");
        add("isbn[]", "{0-306-40615-2}");
        add("tsvector[]", "{'a'}");
        add("hstore[]", "{\"\\\"a\\\"=>\\\"1\\\"\"}");
    }

    /** Debezium leaves out these columns. */
    private void unknown() {
        add("lseg", "[(0,0),(1,1)]");
        add("path", "[(0,0),(1,1)]");
        add("box", "(1,1),(0,0)");
        add("polygon", "((0,0),(1,1),(2,0))");
        add("line", "{1,-1,0}");
        add("circle", "<(0,0),5>");
        add("int4multirange", "{[1,5)}");
        add("text_range", "[a,b)");
        add("pair", "(1,abc)");
        add("cube", "(1,2)");
        for (String type : List.of("xid", "cid", "xid8", "d_xid")) {
            add(type, "7");
        }
        add("tid", "(0,1)");
        add("pg_lsn", "16/B374D848");
        add("pg_snapshot", "10:20:10,14");
        add("txid_snapshot", "10:20:10,14");
        add("regclass", "pg_class");
        add("regtype", "integer");
        add("regproc", "now");
        add("regrole", "postgres");
        add("regnamespace", "pg_catalog");
        add("regconfig", "english");
        add("tsquery", "'a' & 'b'");
        add("jsonpath", "$.a");
        add("refcursor", "c");
        add("aclitem", "postgres=r/postgres");
        add("money[]", "{1.23}");
        add("name[]", "{a}");
        add("interval[]", "{1 day}");
        add("varbit[]", "{101}");
        add("xml[]", "{<a/>}");
        add("point[]", "{\"(1,2)\"}");
        add("box[]", "{(1,1),(0,0)}");
        add("int4multirange[]", "{\"{[1,5)}\"}");
        add("pair[]", "{\"(1,abc)\"}");
        add("d_int[]", "{1}");
        add("xid[]", "{1}");
        add("regclass[]", "{pg_class}");
        add("pg_lsn[]", "{0/1}");
        add("refcursor[]", "{c}");
        add("tsquery[]", "{'a'}");
    }
}
