package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Records that wait to be sent, in order. For one thread. */
public final class Records implements Collector<JsonBuffer> {

    private static final long MICROS_PER_MILLI = 1_000;

    private final List<Outgoing> waiting = new ArrayList<>();

    /**
     * A record, and the change that it belongs to.
     *
     * @param change position of the change; null if the record belongs to no single change
     * @param source the table's name or another source, for error messages
     */
    public record Outgoing(
            ProducerRecord<byte[], byte[]> record, @Nullable Position change, String source) {

        /** Returns the size of key and value in bytes. */
        public int bytes() {
            byte[] key = record.key();
            byte[] value = record.value();
            return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        }
    }

    @Override
    public Headers add(
            Change change, Topic topic, @Nullable JsonBuffer key, @Nullable JsonBuffer value, String source) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic.name(),
                key == null ? topic.partitionWithoutKey() : null,
                timestamp(change.commitTimeMicros()),
                copy(key),
                copy(value));
        waiting.add(new Outgoing(record, change.position(), source));
        return record.headers();
    }

    @Override
    public void add(long commitTimeMicros, Topic topic, JsonBuffer key, JsonBuffer value, String source) {
        waiting.add(new Outgoing(
                new ProducerRecord<>(
                        topic.name(), null, timestamp(commitTimeMicros), copy(key), copy(value), List.of()),
                null,
                source));
    }

    /** Returns a record's timestamp, in milliseconds. */
    public static long timestamp(long commitTimeMicros) {
        return Math.floorDiv(commitTimeMicros, MICROS_PER_MILLI);
    }

    private static byte @Nullable [] copy(@Nullable JsonBuffer text) {
        return text == null ? null : Arrays.copyOf(text.array(), text.length());
    }

    public List<Outgoing> waiting() {
        return waiting;
    }

    public void clear() {
        waiting.clear();
    }
}
