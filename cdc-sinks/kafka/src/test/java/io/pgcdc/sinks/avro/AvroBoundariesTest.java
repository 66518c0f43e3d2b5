package io.pgcdc.sinks.avro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.json.bytes.JsonBuffer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

class AvroBoundariesTest {

    private final AvroBoundaries boundaries = new AvroBoundaries(new AvroOptions("shop", List.of()));

    @Test
    void aLaterEpochIsInKeyAndValue() throws IOException {
        for (int epoch = 0; epoch < 2; epoch++) {
            AvroBoundaries.Of transaction = new AvroBoundaries.Of(0x1A2B3C8L, epoch, -1, 1_000_001);
            GenericRecord key = read(boundaries.keySchema(), out -> boundaries.appendKey(transaction, out));
            assertEquals(
                    epoch == 0 ? "0/1A2B3C8" : "0/1A2B3C8@1",
                    key.get("commit_lsn").toString());
            GenericRecord begin = read(boundaries.valueSchema(), out -> boundaries.appendBegin(transaction, out));
            assertHead("BEGIN", epoch, begin);
            assertNull(begin.get("record_count"));
            GenericRecord end =
                    read(boundaries.valueSchema(), out -> boundaries.appendEnd(transaction, 3, Map.of("a.b", 2L), out));
            assertHead("END", epoch, end);
            assertEquals(3L, end.get("record_count"));
            assertEquals(
                    "[{\"table\": \"a.b\", \"record_count\": 2}]",
                    end.get("tables").toString());
        }
    }

    private static void assertHead(String status, int epoch, GenericRecord value) {
        assertEquals(status, value.get("status").toString());
        assertEquals("0/1A2B3C8", value.get("commit_lsn").toString());
        assertEquals(epoch, value.get("epoch"));
        assertEquals(4_294_967_295L, value.get("xid"));
        assertEquals(1_000_001L, value.get("changed_at"));
    }

    /** By Avro's own reader, to the last byte. */
    private static GenericRecord read(Schema schema, Consumer<JsonBuffer> append) throws IOException {
        JsonBuffer out = new JsonBuffer();
        append.accept(out);
        BinaryDecoder bytes = DecoderFactory.get().binaryDecoder(out.array(), 0, out.length(), null);
        GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, bytes);
        assertTrue(bytes.isEnd());
        return record;
    }
}
