package io.pgcdc.sinks.avro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Relation;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sinks.debezium.AllocationSink;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvroTableTest {

    @TempDir
    Path directory;

    @Test
    void allocatesNothingAChange() {
        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql(
                    "CREATE PUBLICATION captured FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')",
                    "CREATE TABLE t (id int PRIMARY KEY, a text, b numeric(10,2), c numeric, d timestamptz, e timestamp, f date, g jsonb,"
                            + " h bytea, i int[], j text[], k bool, m uuid, n money, o interval, p varbit, q time)",
                    "INSERT INTO t SELECT g, 'a \"q\" é', 1.5, 2.25, '2026-01-02', '2026-01-02', '2026-01-02', '{\"a\":1}', '\\xdead',"
                            + " '{1,2}', '{a,\"b\\\\\"}', true, gen_random_uuid(), 1.23, '1 day', '101', '12:00'"
                            + " FROM generate_series(1, 5000) g");
            IdentityHashMap<Relation, AvroTable> tables = new IdentityHashMap<>();
            AvroOptions options = new AvroOptions("shop", List.of());
            JsonBuffer out = new JsonBuffer();
            AllocationSink sink = new AllocationSink(change -> {
                AvroTable table = tables.get(change.relation());
                if (table == null) {
                    table = new AvroTable(change.relation(), new int[] {0}, options);
                    tables.put(change.relation(), table);
                }
                out.clear();
                table.appendKey(change, out);
                table.appendValue(change, out);
            });
            new Captured(source, directory.resolve("queue")).bringTo(Map.of("sink", sink));
            assertEquals(5_000, sink.changes());
            // the JVM itself takes a hundred bytes at times, when it compiles a method anew
            assertTrue(sink.bytes() < 4_000, "bytes that 4000 records allocated: " + sink.bytes());
        }
    }

    /** No two names become one, whatever looks like an escape. */
    @Test
    void namesStayApart() {
        assertEquals("user_id", AvroName.of("user_id"));
        assertEquals("is_xml", AvroName.of("is_xml"));
        assertEquals("odd_x0020_name", AvroName.of("odd name"));
        assertEquals("odd_x005F_x0020_name", AvroName.of("odd_x0020_name"));
        assertEquals("_x005F_x0020", AvroName.of("_x0020"));
        assertEquals("_x005F_x0020_x0020_", AvroName.of("_x0020 "));
        assertEquals("_x0031_st1", AvroName.of("1st1"));
        assertEquals("_x1F600_", AvroName.of("😀"));
        assertEquals("my_x002D_shop.a", AvroName.ofDotted("my-shop..a."));
    }
}
