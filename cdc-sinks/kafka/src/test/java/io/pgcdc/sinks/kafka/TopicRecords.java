package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.kafka.TopicReader;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Says of each native record of a topic in turn what it is; what follows {@link #next} is said of that record. One thread. */
final class TopicRecords {

    private final List<ConsumerRecord<byte[], byte[]>> records;
    private int passed;

    private TopicRecords(List<ConsumerRecord<byte[], byte[]>> records) {
        this.records = records;
    }

    static TopicRecords of(List<ConsumerRecord<byte[], byte[]>> records) {
        return new TopicRecords(records);
    }

    /** The next record has a value, is of that kind, and has that key. */
    TopicRecords next(String changeType, @Nullable String key) {
        take(key);
        assertEquals(changeType, TopicReader.header(record(), "change_type"), this::place);
        assertTrue(record().value() != null, () -> place() + " has no value");
        return this;
    }

    /** The next record deletes that key. */
    TopicRecords nextIsTombstone(String key) {
        take(key);
        assertNull(record().value(), () -> place() + " is no tombstone");
        return this;
    }

    /** Null: it has no such header. */
    TopicRecords header(String name, @Nullable String expected) {
        assertEquals(expected, TopicReader.header(record(), name), () -> name + " of " + place());
        return this;
    }

    TopicRecords valueHas(String part) {
        assertTrue(TopicReader.text(record().value()).contains(part), () -> place() + " has no " + part);
        return this;
    }

    /** There are no more. */
    void end() {
        assertEquals(passed, records.size(), "records");
    }

    private void take(@Nullable String key) {
        assertTrue(passed < records.size(), () -> "only " + records.size() + " records");
        passed++;
        assertEquals(key, TopicReader.text(record().key()), () -> "key of " + place());
    }

    private ConsumerRecord<byte[], byte[]> record() {
        return records.get(passed - 1);
    }

    private String place() {
        return "record " + passed;
    }
}
