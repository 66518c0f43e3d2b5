package io.pgcdc.json.record;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values of the types that are not made of others, as text that the type's input function reads. By pg_type.typname. */
final class TypeSamples {

    private static final String TEXT_WITH_ALL =
            "quote \" back \\ slash / newline \n tab \t return \r bell \u0007 unit \u001f del \u007f";

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "NULL",
            "null",
            "{}",
            "(,)",
            "a,b;c",
            "\"",
            "\\",
            TEXT_WITH_ALL,
            "日本語 ünï 🐘 \u2028",
            "x".repeat(9000) + "\"");

    private static final List<String> JSONS = List.of(
            "null",
            "true",
            "\"text\"",
            "-0.0",
            "1e3",
            "1000",
            "1E-7",
            "1.50",
            "123456789012345678901234567890.10",
            "[]",
            "{}",
            " [ 1 , 2.0 ,\n\t{ \"a b\" : null } ] ",
            "{\"b\":1,\"a\":{\"c\":[true,false,null]}}",
            "{\"a\":{\"c\":[true,false,null]}, \"b\":1.00}",
            "{\"a\":1,\"a\":{\"x\":2},\"aa\":3}",
            "{\"a\":{\"x\":2.0},\"aa\":3}",
            "{\"\":\"\\u00e9\\n\\\"\\\\\\/\\ud83d\\ude00\", \"é\":\"é\"}",
            "[".repeat(300) + "]".repeat(300));

    private static final List<String> TIMES = List.of(
            "2026-01-02 03:04:05",
            "2026-01-02 03:04:05.678901",
            "2026-01-02 03:04:05.5",
            "infinity",
            "-infinity",
            "0044-03-15 12:00:00 BC",
            "4713-11-24 00:00:00 BC",
            "0001-01-01 00:00:00",
            "12345-06-07 08:09:10",
            "294276-12-31 23:59:59.999999");

    private static final Map<String, List<String>> BY_NAME = byName();

    /** Types whose input function takes no value at all, and that no catalog table holds a value of: gist and brin keep them in indexes. */
    static final List<String> WITHOUT_VALUES =
            List.of("gtsvector", "ghstore", "pg_brin_bloom_summary", "pg_brin_minmax_multi_summary");

    /** Types whose input function takes no value, with a query for values that the catalog holds. */
    static final Map<String, String> FROM_CATALOG = Map.of(
            "pg_node_tree", "SELECT ev_action FROM pg_rewrite WHERE length(ev_action::text) < 9000 LIMIT 2",
            "pg_ndistinct", "SELECT stxdndistinct FROM pg_statistic_ext_data WHERE stxdndistinct IS NOT NULL",
            "pg_dependencies", "SELECT stxddependencies FROM pg_statistic_ext_data WHERE stxddependencies IS NOT NULL",
            "pg_mcv_list", "SELECT stxdmcv FROM pg_statistic_ext_data WHERE stxdmcv IS NOT NULL");

    private TypeSamples() {}

    /** @return null when there are none for that name */
    static @org.jspecify.annotations.Nullable List<String> of(String name) {
        return BY_NAME.get(name);
    }

    private static Map<String, List<String>> byName() {
        Map<String, List<String>> m = new HashMap<>();
        m.put("bool", List.of("t", "f"));
        m.put("int2", List.of("0", "-1", "32767", "-32768"));
        m.put("int4", List.of("0", "-1", "2147483647", "-2147483648"));
        m.put("int8", List.of("0", "-1", "9223372036854775807", "-9223372036854775808"));
        m.put(
                "float4",
                List.of(
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
                        "-Infinity"));
        m.put(
                "float8",
                List.of(
                        "0",
                        "-0",
                        "0.1",
                        "1e15",
                        "1e16",
                        "1e-5",
                        "1.7976931348623157e308",
                        "5e-324",
                        "NaN",
                        "Infinity",
                        "-Infinity"));
        m.put(
                "numeric",
                List.of(
                        "0",
                        "-0.00",
                        "1",
                        "1.0",
                        "1.00",
                        "-100.10",
                        "-100.1",
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "1e-50",
                        "1e50",
                        "123456789012345678901234567890.12345678901234567890"));
        m.put("money", List.of("0", "1.23", "-1234567.89"));
        m.put("date", List.of("2026-01-02", "infinity", "-infinity", "0044-03-15 BC", "12345-06-07", "0001-01-01"));
        m.put("timestamp", TIMES);
        m.put("timestamptz", TIMES);
        m.put("time", List.of("00:00", "12:34:56.789", "24:00"));
        m.put("timetz", List.of("00:00+00", "12:34:56.789+05:30", "24:00:00-15:59:59"));
        m.put("interval", List.of("0", "1 year 2 mons -3 days 04:05:06.7", "1 mon", "30 days", "-178000000 years"));
        m.put("text", TEXTS);
        m.put("varchar", TEXTS);
        m.put("bpchar", List.of("", "a", "a  ", " \"q\" "));
        m.put("name", List.of("", "a", "\"quoted\" \\ ü"));
        m.put("char", List.of("", "a", "\"", "\\"));
        m.put("citext", List.of("", "Ab", "aB", TEXT_WITH_ALL));
        m.put("refcursor", List.of("c", "\"c\" \\"));
        m.put("bytea", List.of("\\x", "\\xdeadbeef00"));
        m.put("uuid", List.of("00000000-0000-0000-0000-000000000000", "123e4567-e89b-12d3-a456-426614174000"));
        m.put("json", JSONS);
        m.put("jsonb", JSONS);
        m.put("jsonpath", List.of("$", "$.\"a b\"[*] ? (@ > 1.5 && @.x like_regex \"^a\\\\d\")"));
        m.put("xml", List.of("", "<a b=\"c\">d &amp; e\n</a>", "text"));
        m.put(
                "hstore",
                List.of(
                        "",
                        "a=>1",
                        "\"a \\\"b\\\" \\\\\"=>\"c\\\\d\", n=>NULL, \"\"=>\"\"",
                        "s=>\"NULL\", \"=>\"=>\", \"",
                        "k=>\"日本\n\""));
        m.put("bit", List.of("1", "0"));
        m.put("varbit", List.of("", "101"));
        m.put("inet", List.of("10.0.0.1", "10.1.2.3/8", "::1", "2001:db8::/32"));
        m.put("cidr", List.of("10.0.0.0/8", "::1/128"));
        m.put("macaddr", List.of("08:00:2b:01:02:03"));
        m.put("macaddr8", List.of("08:00:2b:01:02:03:04:05"));
        m.put("point", List.of("(1.5,-2)", "(NaN,Infinity)"));
        m.put("lseg", List.of("[(0,0),(1,1)]"));
        m.put("path", List.of("[(0,0),(1,1)]", "((0,0),(1,1))"));
        m.put("box", List.of("(1,1),(0,0)", "(3,4),(-1.5,2)"));
        m.put("polygon", List.of("((0,0),(1,1),(2,0))"));
        m.put("line", List.of("{1,-1,0}"));
        m.put("circle", List.of("<(0,0),5>"));
        m.put("int2vector", List.of("", "7", "1 -2 32767"));
        m.put("oidvector", List.of("", "7", "0 4294967295"));
        m.put("oid", List.of("0", "4294967295"));
        m.put("xid", List.of("0", "4294967295"));
        m.put("cid", List.of("0", "4294967295"));
        m.put("xid8", List.of("0", "18446744073709551615"));
        m.put("tid", List.of("(0,1)", "(4294967295,65535)"));
        m.put("pg_lsn", List.of("0/0", "16/B374D848"));
        m.put("txid_snapshot", List.of("10:10:", "10:20:10,14,15"));
        m.put("pg_snapshot", List.of("10:10:", "10:20:10,14,15"));
        m.put("regproc", List.of("-", "pg_catalog.now", "shop.\"Odd name\"", "4294967295"));
        m.put("regprocedure", List.of("-", "pg_catalog.abs(integer)", "shop.\"Odd name\"()"));
        m.put("regoper", List.of("0", "pg_catalog.||/"));
        m.put("regoperator", List.of("0", "pg_catalog.+(integer,integer)"));
        m.put("regclass", List.of("-", "pg_catalog.pg_class", "shop.people", "99"));
        m.put("regtype", List.of("-", "integer", "shop.mood", "shop.mood[]", "99"));
        m.put("regrole", List.of("-", "postgres"));
        m.put("regnamespace", List.of("-", "shop", "pg_catalog"));
        m.put("regcollation", List.of("-", "pg_catalog.\"C\""));
        m.put("regconfig", List.of("pg_catalog.english", "pg_catalog.simple"));
        m.put("regdictionary", List.of("pg_catalog.simple"));
        m.put("tsvector", List.of("", "'a \"b\\\\':1A,2 c"));
        m.put("tsquery", List.of("", "'a''b' & !c:*A <-> d"));
        m.put("aclitem", List.of("postgres=arwdDxt/postgres", "=r*/postgres"));
        // domains with limits of their own
        m.put("cardinal_number", List.of("0", "42"));
        m.put("yes_or_no", List.of("YES", "NO"));
        m.put("positive", List.of("1", "2147483647"));
        m.put("price", List.of("0", "1.5", "-100.1000", "12345678901234567890.1234", "NaN"));
        m.put("small_code", List.of("ab", "a\"b"));
        m.put("even_smaller_code", List.of("cd"));
        return m;
    }
}
