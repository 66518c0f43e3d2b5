package io.pgcdc.connect.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.testkit.sinks.EnvelopeWorkload;
import io.pgcdc.testkit.sinks.TargetDatabase;
import io.pgcdc.testkit.sinks.TypeMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer of the connector's records and a consumer of the Kafka sink's see no difference, for all types and kinds of changes. */
class RecordsDifferentialTest {

    private static final String EACH_KIND = ";skip=;message_topic=shop.message;transaction_topic=shop.transaction";

    @TempDir
    Path directory;

    @Test
    void recordsEqualThoseOfTheKafkaSink() {
        long seed = System.nanoTime();
        TypeMatrix types = new TypeMatrix(18, seed);
        try (TargetDatabase source = new TargetDatabase(18);
                SchemaIds schemas = new SchemaIds()) {
            source.sql(TypeMatrix.TYPES.toArray(String[]::new));
            source.sql(String.join(";", types.tables()));
            source.sql(EnvelopeWorkload.TABLES.toArray(String[]::new));
            source.sql("CREATE PUBLICATION captured FOR ALL TABLES");
            source.sql(String.join(";", types.rows()));

            List<Pair> pairs = pairs(schemas, topic -> types.typeOf(topic).startsWith("float4"));
            Captured captured = new Captured(source, directory.resolve("queue")).withRows(0);
            captured.bringTo(Map.of("pairs", new PairsSink(pairs)));
            source.sql(EnvelopeWorkload.CHANGES.toArray(String[]::new));
            source.sql(String.join(";", types.changes()));
            captured.bringTo(Map.of("pairs", new PairsSink(pairs)));

            List<String> differences = new ArrayList<>();
            for (Pair pair : pairs) {
                differences.addAll(pair.differences());
                assertTrue(pair.compared() > 1_000, pair.name() + " has few records: " + pair.compared());
            }
            assertEquals("", String.join("\n", differences), differences.size() + " differences, seed " + seed);
        }
    }

    private static List<Pair> pairs(SchemaIds schemas, Predicate<String> floats) {
        String modes1 = ";decimal_handling_mode=double;time_precision_mode=adaptive_time_microseconds"
                + ";interval_handling_mode=string;hstore_handling_mode=map;binary_handling_mode=base64";
        String modes2 = ";decimal_handling_mode=string;time_precision_mode=connect;binary_handling_mode=hex"
                + ";key_columns=public.no_key.a,public.two_keys.a";
        String modes3 = ";time_precision_mode=isostring;binary_handling_mode=base64_url_safe"
                + ";unavailable_value_placeholder=gone;headers=true;tombstones=false";
        String avro = "format=avro;prefix=shop;schema_registry=url=" + schemas.url();
        String noKeyHeaders = ";key_change_headers=false";
        return List.of(
                debezium("debezium", floats, EACH_KIND),
                debezium("debezium's modes 1", floats, modes1),
                debezium("debezium's modes 2", floats, modes2),
                debezium("debezium's modes 3", floats, EACH_KIND + modes3),
                withSchemas("debezium with schemas", floats, EACH_KIND),
                withSchemas("modes 1 with schemas", floats, modes1),
                withSchemas("modes 2 with schemas", floats, modes2),
                withSchemas("modes 3 with schemas", floats, EACH_KIND + modes3),
                new Pair(
                        "native",
                        avro + EACH_KIND + noKeyHeaders,
                        "prefix=shop" + EACH_KIND + noKeyHeaders,
                        Converted.avro(schemas),
                        true),
                new Pair(
                        "native with texts",
                        avro + ";topic=all;null_key=keep;text_columns=public.full_row.id" + noKeyHeaders,
                        "prefix=shop;topic=all;null_key=keep;text_columns=public.full_row.id" + noKeyHeaders,
                        Converted.avro(schemas),
                        true),
                new Pair(
                        "native's headers",
                        "prefix=shop",
                        "prefix=shop;text_columns=public.type_8.v",
                        (record, ready) -> null,
                        true),
                bytes("native bytes", "prefix=shop;null_key=table" + EACH_KIND),
                bytes("debezium bytes", "prefix=shop;format=debezium;schemas_enable=true" + EACH_KIND),
                bytes("cloudevents bytes", "prefix=shop;format=cloudevents"),
                bytes("cloudevents bytes, binary", "prefix=shop;format=cloudevents;cloudevents_mode=binary"),
                bytes("avro bytes", avro + EACH_KIND + noKeyHeaders));
    }

    private static Pair debezium(String name, Predicate<String> floats, String more) {
        String settings = "format=debezium;prefix=shop" + more;
        return new Pair(name, settings, settings, Converted.json(false, Integer.MAX_VALUE, floats), true);
    }

    private static Pair withSchemas(String name, Predicate<String> floats, String more) {
        String settings = "format=debezium;prefix=shop" + more;
        return new Pair(name, settings + ";schemas_enable=true", settings, Converted.json(true, 3, floats), false);
    }

    private static Pair bytes(String name, String settings) {
        return new Pair(name, settings, settings + ";values=bytes", Converted.bytes(), true);
    }
}
