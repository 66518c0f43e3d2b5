package io.pgcdc.connect.record;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.StringConverter;
import org.jspecify.annotations.Nullable;

/** Compares keys and values after a worker's converter with those of the Kafka sink. */
final class Converted {

    private Converted() {}

    /**
     * The JSON of JsonConverter.
     *
     * @param floats true for the topics whose numbers are float4
     */
    static Pair.Contents json(boolean schemas, Predicate<String> floats) {
        Converter keys = configured(new JsonConverter(), true, schemas);
        Converter values = configured(new JsonConverter(), false, schemas);
        return (record, ready) -> {
            JsonDifference json = new JsonDifference(floats.test(ready.topic()));
            String difference = json.of(record.key(), key(keys, ready));
            return difference != null ? "key" + difference : json.of(record.value(), value(values, ready));
        };
    }

    /** The very bytes of a converter. */
    private static Pair.Contents same(Converter keys, Converter values) {
        return (record, ready) ->
                Arrays.equals(record.key(), key(keys, ready)) && Arrays.equals(record.value(), value(values, ready))
                        ? null
                        : "other bytes: " + ready.key() + ", " + ready.value();
    }

    static Pair.Contents bytes() {
        return same(
                configured(new ByteArrayConverter(), true, false), configured(new ByteArrayConverter(), false, false));
    }

    static Pair.Contents text() {
        return same(configured(new StringConverter(), true, false), configured(new StringConverter(), false, false));
    }

    /** The records of Avro, field by field. */
    static Pair.Contents avro(SchemaIds schemas) {
        Set<Schema> known = Collections.newSetFromMap(new IdentityHashMap<>());
        return (record, ready) -> {
            String difference = difference(schemas, record.key(), ready.key(), known);
            return difference != null ? "key " + difference : difference(schemas, record.value(), ready.value(), known);
        };
    }

    private static @Nullable String difference(
            SchemaIds schemas, byte @Nullable [] written, @Nullable Object struct, Set<Schema> known) {
        if (written == null || struct == null) {
            return null; // both, as the pair has compared
        }
        GenericRecord expected = schemas.read(written);
        Struct actual = (Struct) struct;
        actual.validate();
        if (known.add(actual.schema())) {
            String difference = AvroDifference.ofSchemas(expected.getSchema(), actual.schema());
            if (difference != null) {
                return difference;
            }
        }
        return AvroDifference.ofValues(expected, actual);
    }

    private static Converter configured(Converter converter, boolean keys, boolean schemas) {
        converter.configure(Map.of("schemas.enable", schemas), keys);
        return converter;
    }

    private static byte @Nullable [] key(Converter converter, ReadyRecord ready) {
        return converter.fromConnectData(ready.topic(), ready.keySchema(), ready.key());
    }

    private static byte @Nullable [] value(Converter converter, ReadyRecord ready) {
        return converter.fromConnectData(ready.topic(), ready.valueSchema(), ready.value());
    }
}
