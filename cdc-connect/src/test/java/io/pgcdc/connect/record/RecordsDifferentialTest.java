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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer of the connector's records and a consumer of the Kafka sink's see no difference, for all types and kinds of changes. */
class RecordsDifferentialTest {

    private static final String EACH_KIND = ";skip=;message_topic=shop.message;transaction_topic=shop.transaction";

    private static final String MODES_1 = ";decimal_handling_mode=double;time_precision_mode=adaptive_time_microseconds"
            + ";interval_handling_mode=string;hstore_handling_mode=map;binary_handling_mode=base64";
    private static final String MODES_2 =
            ";decimal_handling_mode=string;time_precision_mode=connect;binary_handling_mode=hex"
                    + ";key_columns=public.no_key.a,public.two_keys.a";
    private static final String MODES_3 = ";time_precision_mode=isostring;binary_handling_mode=base64_url_safe"
            + ";unavailable_value_placeholder=gone;headers=true;tombstones=false";

    private static final String TEXTS = ";null_key=keep;text_columns=public.full_row.id";

    @TempDir
    Path directory;

    private interface Pairs {
        List<Pair> of(SchemaIds schemas, Predicate<String> floats);
    }

    @Test
    void recordsEqualThoseOfTheKafkaSink() {
        compare(RecordsDifferentialTest::pairs);
    }

    /** The same settings with and without schemas. */
    @Tag("soak")
    @Test
    void moreRecordsEqualThoseOfTheKafkaSink() {
        compare((schemas, floats) -> List.of(
                debezium("debezium's modes 1", MODES_1, json(floats)),
                typed("native in one topic", ";topic=all" + TEXTS, schemas, (record, ready) -> null),
                withSchemas("debezium with schemas", EACH_KIND, floats),
                withSchemas("debezium's modes 2 with schemas", MODES_2, floats),
                withSchemas("debezium's modes 3 with schemas", EACH_KIND + MODES_3, floats),
                bytes("cloudevents bytes, binary", "prefix=shop;format=cloudevents;cloudevents_mode=binary")));
    }

    private void compare(Pairs of) {
        long seed = System.nanoTime();
        TypeMatrix types = new TypeMatrix(18, seed);
        try (TargetDatabase source = new TargetDatabase(18);
                SchemaIds schemas = new SchemaIds()) {
            source.sql(TypeMatrix.TYPES.toArray(String[]::new));
            source.sql(String.join(";", types.tables()));
            source.sql(EnvelopeWorkload.TABLES.toArray(String[]::new));
            source.sql("CREATE PUBLICATION captured FOR ALL TABLES");
            source.sql(String.join(";", types.rows()));

            List<Pair> pairs = of.of(schemas, topic -> types.typeOf(topic).startsWith("float4"));
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
        return List.of(
                debezium("debezium", EACH_KIND, json(floats).and(new AvroRoundTrip(RecordsDifferentialTest::fitsAvro))),
                withSchemas("debezium's modes 1 with schemas", EACH_KIND + MODES_1, floats),
                debezium("debezium's modes 2", MODES_2, json(floats)),
                debezium("debezium's modes 3", EACH_KIND + MODES_3, json(floats)),
                typed("native", EACH_KIND + TEXTS, schemas, new AvroRoundTrip(topic -> true)),
                new Pair(
                        "native's headers",
                        "prefix=shop",
                        "prefix=shop;text_columns=public.type_8.v",
                        (record, ready) -> null,
                        true),
                bytes("native bytes", "prefix=shop;null_key=table" + EACH_KIND),
                bytes("debezium bytes", "prefix=shop;format=debezium;schemas_enable=true" + EACH_KIND),
                bytes("cloudevents bytes", "prefix=shop;format=cloudevents"),
                bytes("avro bytes", avro(schemas) + EACH_KIND));
    }

    /** Debezium's fields have the columns' names, and the table "Odd é"."My 🐘" has columns whose names Avro does not allow. */
    private static boolean fitsAvro(String topic) {
        return !topic.startsWith("shop.Odd");
    }

    private static Pair.Contents json(Predicate<String> floats) {
        return Converted.json(false, floats);
    }

    private static Pair debezium(String name, String more, Pair.Contents contents) {
        String settings = "format=debezium;prefix=shop" + more;
        return new Pair(name, settings, settings, contents, true);
    }

    private static Pair withSchemas(String name, String more, Predicate<String> floats) {
        String settings = "format=debezium;prefix=shop" + more;
        return new Pair(name, settings + ";schemas_enable=true", settings, Converted.json(true, floats), false);
    }

    private static String avro(SchemaIds schemas) {
        return "format=avro;prefix=shop;key_change_headers=false;schema_registry=url=" + schemas.url();
    }

    private static Pair typed(String name, String more, SchemaIds schemas, Pair.Contents contents) {
        String settings = "prefix=shop;key_change_headers=false" + more;
        return new Pair(
                name, avro(schemas) + more, settings, Converted.avro(schemas).and(contents), true);
    }

    private static Pair bytes(String name, String settings) {
        return new Pair(name, settings, settings + ";values=bytes", Converted.bytes(), true);
    }
}
