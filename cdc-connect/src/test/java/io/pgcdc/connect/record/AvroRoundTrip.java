package io.pgcdc.connect.record;

import io.apicurio.registry.utils.converter.avro.AvroData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Writes keys and values as Avro with a converter for Kafka Connect, and reads them with the text of the schema, which is what a registry
 * keeps. Names must be those that all of Avro's implementations allow: ASCII. Schemas and values must then equal those that were written. For one thread.
 */
final class AvroRoundTrip implements Pair.Contents {

    private static final int CACHED_SCHEMAS = 1_000;

    private final Predicate<String> topics;
    private final AvroData converter = new AvroData(CACHED_SCHEMAS);
    private final IdentityHashMap<org.apache.kafka.connect.data.Schema, Schema> registered = new IdentityHashMap<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    /** @param topics true for those whose records are converted */
    AvroRoundTrip(Predicate<String> topics) {
        this.topics = topics;
    }

    @Override
    public @Nullable String difference(ProducerRecord<byte[], byte[]> unused, ReadyRecord record) {
        return topics.test(record.topic()) ? difference(record) : null;
    }

    /**
     * Returns the difference after the round trip, or null if there is none.
     *
     * @throws org.apache.avro.AvroRuntimeException if Avro does not allow a name in the schemas
     */
    @Nullable
    String difference(ReadyRecord record) {
        String ofKey = difference(record.keySchema(), record.key());
        return ofKey != null ? "key: " + ofKey : difference(record.valueSchema(), record.value());
    }

    /** The same of one key or value. */
    @Nullable
    String difference(org.apache.kafka.connect.data.@Nullable Schema schema, @Nullable Object value) {
        if (schema == null) {
            return null; // no key, or a tombstone
        }
        Schema avro = registered.computeIfAbsent(schema, this::register);
        SchemaAndValue read = converter.toConnectData(avro, read(avro, write(avro, schema, value)));
        if (!schema.equals(read.schema())) {
            return "its schema is " + read.schema() + " with the fields "
                    + read.schema().fields();
        }
        Object expected = comparable(value);
        Object actual = comparable(read.value());
        return Objects.equals(expected, actual) ? null : expected + " is expected, not " + actual;
    }

    private Schema register(org.apache.kafka.connect.data.Schema schema) {
        return new Schema.Parser(NameValidator.STRICT_VALIDATOR)
                .parse(converter.fromConnectSchema(schema).toString());
    }

    private byte[] write(Schema avro, org.apache.kafka.connect.data.Schema schema, @Nullable Object value) {
        written.reset();
        try {
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(written, null);
            new GenericDatumWriter<>(avro).write(converter.fromConnectData(schema, value), encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written.toByteArray();
    }

    private static Object read(Schema avro, byte[] bytes) {
        try {
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
            return new GenericDatumReader<>(avro).read(null, decoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the value in classes that compare by content. */
    private static @Nullable Object comparable(@Nullable Object value) {
        if (value instanceof Struct struct) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            struct.schema().fields().forEach(field -> fields.put(field.name(), comparable(struct.get(field))));
            return fields;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> items = new ArrayList<>();
            list.forEach(item -> items.add(comparable(item)));
            return items;
        }
        return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
    }
}
