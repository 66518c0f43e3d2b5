package io.pgcdc.sinks.debezium;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.ColumnName;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we make of that which Debezium cannot read, reads wrongly, or knows and we do not. */
class DebeziumFormatTest {

    @TempDir
    Path directory;

    private TargetDatabase source;

    @BeforeEach
    void createDatabase() {
        source = new TargetDatabase(18);
        source.sql("CREATE PUBLICATION captured FOR ALL TABLES");
        source.sql("SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')");
    }

    @AfterEach
    void dropDatabase() {
        source.close();
    }

    private List<KeyedRecord> records(DebeziumOptions options) {
        RecordingSink sink = new RecordingSink(options);
        new Captured(source, directory.resolve("queue")).bringTo(Map.of("sink", sink));
        return sink.records;
    }

    private DebeziumOptions defaults() {
        return DebeziumOptions.defaults("shop", source.name());
    }

    private void check(String type, String value, String expected) {
        source.sql(
                "CREATE TABLE t (id int PRIMARY KEY, v " + type + ")",
                "INSERT INTO t VALUES (1, '" + value + "')",
                "DROP TABLE t");
        List<KeyedRecord> records = records(defaults());
        String last = String.valueOf(records.get(records.size() - 1).value());
        assertTrue(
                last.startsWith("{\"before\":null,\"after\":{\"id\":1,\"v\":" + expected + "},"),
                type + " " + value + ": " + last);
    }

    @Test
    void valuesThatDebeziumCannotRead() {
        check("name", "abc", "\"abc\"");
        check("timetz", "24:00:00-15:59:59", "\"15:59:59Z\"");
        check("timetz", "12:34:56+05:30:30", "\"07:04:26Z\"");
        check("interval", "2562047788:00:54.775807", "9223372036854775807");
        check("interval", "infinity", "9223372036854775807");
        check("interval", "-infinity", "-9223372036854775808");
        check("timestamp", "294276-12-31 23:59:59.999999", "9223372036854775807");
        check("numeric(3,-2)", "12300", "\"ew==\"");
        check("numeric[]", "{NaN,1}", "[null,{\"scale\":0,\"value\":\"AQ==\"}]");
    }

    @Test
    void arraysThatDebeziumReadsWrongly() {
        source.sql("CREATE TYPE mood AS ENUM ('sad')");
        check("int4[]", "{{1,2},{3,4}}", "[1,2,3,4]");
        check("text[]", "{{a,\"b c\"},{NULL,d}}", "[\"a\",\"b c\",null,\"d\"]");
        check("date[]", "{infinity,0044-03-15 BC}", "[-2147472692,-735160]");
        check("time[]", "{12:34:56.789012}", "[45296789012]");
        check("timetz[]", "{12:34:56.789+05:30}", "[\"07:04:56.789Z\"]");
        check("timestamp[]", "{\"0044-03-15 12:00:00 BC\"}", "[-63517780800000000]");
        check("int2vector", "1 2", "[1,2]");
        check("oidvector", "", "[]");
        check("mood[]", "{sad,NULL}", "[\"sad\",null]");
    }

    @Test
    void domainsTellNothingOfPrecision() {
        source.sql(
                "CREATE DOMAIN price AS numeric(10,3)",
                "CREATE DOMAIN stamp AS timestamp(3)",
                "CREATE DOMAIN three_bits AS bit(3)");
        check("price", "5.250", "{\"scale\":2,\"value\":\"Ag0=\"}");
        check("stamp", "2026-01-02 03:04:05.678", "1767323045678000");
        check("three_bits", "101", "\"BQ==\"");
    }

    @Test
    void columnsThatTheServerDoesNotSendAreNull() {
        source.sql(
                "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b int NOT NULL DEFAULT 7)",
                "INSERT INTO t VALUES (1, 'a', 2)",
                "DELETE FROM t");
        KeyedRecord deleted = records(defaults()).get(1);
        assertEquals("{\"id\":1}", deleted.key());
        String value = String.valueOf(deleted.value());
        assertTrue(value.startsWith("{\"before\":{\"id\":1,\"a\":null,\"b\":null},\"after\":null,"), value);
    }

    @Test
    void keyColumnsTakeThePlaceOfTheKey() {
        DebeziumOptions d = defaults();
        DebeziumOptions options = new DebeziumOptions(
                d.prefix(),
                d.database(),
                d.schemas(),
                d.decimals(),
                d.times(),
                d.intervals(),
                d.hstore(),
                d.binary(),
                "gone",
                List.of(ColumnName.parse("public.t.b"), ColumnName.parse("public.t.a")),
                () -> 1_000_001);
        source.sql(
                "CREATE TABLE t (id int PRIMARY KEY, a int, b text)",
                "INSERT INTO t VALUES (1, 2, NULL)",
                "UPDATE t SET a = 3",
                "DELETE FROM t",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (1, 2, 'b')",
                "UPDATE t SET b = NULL");
        List<KeyedRecord> records = records(options);
        assertEquals(
                Arrays.asList(
                        "{\"b\":null,\"a\":2}",
                        "{\"b\":null,\"a\":3}",
                        null, // the old row lacks the columns
                        "{\"b\":\"b\",\"a\":2}",
                        "{\"b\":\"b\",\"a\":2}",
                        "{\"b\":null,\"a\":2}"),
                records.stream().map(KeyedRecord::key).limit(6).toList());
        assertTrue(String.valueOf(records.get(4).value()).contains("\"op\":\"d\",\"ts_ms\":1000,\"ts_us\":1000001,"));
        assertFalse(records.get(0).topic().contains("gone"));
    }

    @Test
    void allocatesNothingAChange() {
        source.sql(
                "CREATE TABLE t (id int PRIMARY KEY, a text, b numeric(10,2), c numeric, d timestamptz, e timestamp, f date, g jsonb,"
                        + " h bytea, i int[], j text[], k bool, l float8, m uuid, n money, o interval, p varbit, q timetz)",
                "INSERT INTO t SELECT g, 'a \"q\" é', 1.5, 2.25, '2026-01-02', '2026-01-02', '2026-01-02', '{\"a\":1}', '\\xdead',"
                        + " '{1,2}', '{a,\"b\\\\\"}', true, 0.1, gen_random_uuid(), 1.23, '1 day', '101', '12:00+01'"
                        + " FROM generate_series(1, 5000) g");
        DebeziumFormat format = new DebeziumFormat(defaults());
        JsonBuffer out = new JsonBuffer();
        AllocationSink sink = new AllocationSink(change -> {
            out.clear();
            format.appendKey(change, false, out);
            format.appendValue(change, Op.CREATE, out);
        });
        new Captured(source, directory.resolve("queue")).bringTo(Map.of("sink", sink));
        assertEquals(5_000, sink.changes());
        // the JVM itself takes a hundred bytes at times, when it compiles a method anew
        assertTrue(sink.bytes() < 4_000, "bytes that 4000 records allocated: " + sink.bytes());
    }

    /** Where Debezium's records are others: docs/reference/debezium-format.md has both. */
    @Test
    void recordsThatDiffer() {
        source.sql(
                "CREATE TYPE pair AS (a int, b int)",
                "CREATE TABLE by_pair (id pair PRIMARY KEY, v int)",
                "CREATE TABLE no_columns ()",
                "CREATE TABLE no_key (v int)",
                "ALTER TABLE no_key REPLICA IDENTITY FULL",
                "CREATE TABLE floats (id int PRIMARY KEY, a float4, b float8, c oidvector[])",
                "INSERT INTO by_pair VALUES ('(1,2)', 3)",
                "INSERT INTO no_columns DEFAULT VALUES",
                "INSERT INTO no_key VALUES (1)",
                "DELETE FROM no_key",
                "INSERT INTO floats VALUES (1, 16777216, 1e20, ARRAY['1 2']::oidvector[])");
        List<String> rows = records(defaults()).stream()
                .map(r -> r.key() + " " + String.valueOf(r.value()).replaceFirst(",\"source\".*", ""))
                .toList();
        assertEquals(
                List.of(
                        "null {\"before\":null,\"after\":{\"v\":3}",
                        "null {\"before\":null,\"after\":{}",
                        "null {\"before\":null,\"after\":{\"v\":1}",
                        "null {\"before\":{\"v\":1},\"after\":null",
                        "{\"id\":1} {\"before\":null,\"after\":{\"id\":1,\"a\":1.6777216e+07,\"b\":1e+20}"),
                rows);
    }
}
