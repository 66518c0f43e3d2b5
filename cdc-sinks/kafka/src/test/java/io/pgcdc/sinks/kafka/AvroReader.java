package io.pgcdc.sinks.kafka;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads keys and values as a consumer would: the schema by its id from the registry, the rest by Avro's own reader. */
final class AvroReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApicurioRegistry registry;
    private final Map<Integer, Schema> schemas = new HashMap<>();

    AvroReader(ApicurioRegistry registry) {
        this.registry = registry;
    }

    /** The schema that a key or value was written with. */
    Schema schema(byte[] written) {
        ByteBuffer bytes = ByteBuffer.wrap(written);
        if (bytes.get() != 0) {
            throw new IllegalStateException("no magic byte");
        }
        return schemas.computeIfAbsent(bytes.getInt(), id -> {
            try {
                String answer = registry.ask("GET", "/schemas/ids/" + id, "");
                return new Schema.Parser()
                        .parse(JSON.readTree(answer).get("schema").asText());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    GenericRecord read(byte[] written) {
        return read(written, schema(written));
    }

    /** As one sees it who knows another schema. */
    GenericRecord read(byte[] written, Schema as) {
        Schema writer = schema(written);
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(written, 5, written.length - 5, null);
        try {
            GenericRecord record =
                    new GenericDatumReader<GenericRecord>(writer, as, new GenericData()).read(null, decoder);
            if (!decoder.isEnd()) {
                throw new IllegalStateException("bytes are left");
            }
            return record;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A null value stays one. */
    List<GenericRecord> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(r -> r.value() == null ? null : read(r.value()))
                .toList();
    }
}
