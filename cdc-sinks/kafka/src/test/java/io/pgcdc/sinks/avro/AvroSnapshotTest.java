package io.pgcdc.sinks.avro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.sinks.debezium.PlacedChange;
import io.pgcdc.testkit.sink.TestChanges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row that a snapshot read, in Avro, read by Avro's own reader. */
class AvroSnapshotTest {

    private static final String SNAPSHOT = "snapshot";

    @ParameterizedTest
    @CsvSource({
        "FIRST, first",
        "FIRST_OF_TABLE, true",
        "INSIDE, true",
        "LAST_OF_TABLE, true",
        "LAST, last",
        "INCREMENTAL, true"
    })
    void aReadSaysWhereItStands(SnapshotPlace place, String shown) {
        GenericRecord read = record(new TestChanges(1).read("1", "a"), place, null);
        assertEquals(shown, read.get(SNAPSHOT).toString());
        assertEquals("READ", read.get("change_type").toString());
        assertEquals("0/100:r0", read.get("position").toString());
        assertEquals("{\"id\": \"1\", \"v\": \"a\"}", read.get("new_data").toString());
        assertNull(read.get("old_data"));
        assertNull(read.get("xid"));
    }

    @Test
    void anInsertIsOfNoSnapshot() {
        assertNull(record(new TestChanges(1).insert("1", "a"), null, null).get(SNAPSHOT));
    }

    /** A reader may know the schema from before the field was there, and the other way round. */
    @Test
    void theFieldBreaksNoReader() {
        Schema with = schema(new TestChanges(1).read("1", "a"));
        Schema without = withoutTheField(with);
        assertCompatible(with, without);
        assertCompatible(without, with);
        GenericRecord old = record(new TestChanges(1).read("1", "a"), SnapshotPlace.LAST, without);
        assertEquals("READ", old.get("change_type").toString());
        assertNull(old.getSchema().getField(SNAPSHOT));
    }

    private static void assertCompatible(Schema reader, Schema writer) {
        assertEquals(
                SchemaCompatibilityType.COMPATIBLE,
                SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                        .getType());
    }

    private static Schema withoutTheField(Schema schema) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            if (!field.name().equals(SNAPSHOT)) {
                fields.add(new Schema.Field(field, field.schema()));
            }
        }
        return Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
    }

    private static AvroTable table(Change change) {
        return new AvroTable(
                Objects.requireNonNull(change.relation()), new int[] {0}, new AvroOptions("shop", List.of()));
    }

    private static Schema schema(TestChanges changes) {
        List<Schema> schemas = new ArrayList<>();
        changes.batch().forEach(change -> schemas.add(table(change).valueSchema()));
        return schemas.get(0);
    }

    /**
     * Returns the record of the only change.
     *
     * @param readerSchema null: the writer's
     */
    private static GenericRecord record(
            TestChanges changes, @Nullable SnapshotPlace place, @Nullable Schema readerSchema) {
        List<GenericRecord> records = new ArrayList<>();
        changes.batch().forEach(change -> {
            AvroTable table = table(change);
            JsonBuffer out = new JsonBuffer();
            table.appendValue(new PlacedChange(change, place), out);
            records.add(read(out, table.valueSchema(), readerSchema == null ? table.valueSchema() : readerSchema));
        });
        return records.get(0);
    }

    private static GenericRecord read(JsonBuffer out, Schema writer, Schema reader) {
        BinaryDecoder bytes = DecoderFactory.get().binaryDecoder(out.array(), 0, out.length(), null);
        try {
            GenericRecord record = new GenericDatumReader<GenericRecord>(writer, reader).read(null, bytes);
            assertTrue(bytes.isEnd());
            return record;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
