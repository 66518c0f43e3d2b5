package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and makes the sink's record in the topic of positions. Other sinks may share the topic's one partition. An open transaction
 * blocks readers of the partition, so the sink sends its position last. For one thread.
 */
final class CheckpointTopic {

    /**
     * Configuration of a created topic. The sink reads the topic when it starts, so the topic must stay small. Compaction skips the
     * last segment, so segments are small.
     */
    static final Map<String, String> CONFIG = Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", "1048576",
            "min.cleanable.dirty.ratio", "0.1",
            "delete.retention.ms", "3600000");

    /** The first search starts this many records before the end. Each later search starts {@link #FARTHER} times further away. */
    private static final long NEAR = 1_000;

    private static final int FARTHER = 10;

    private static final Duration POLL = Duration.ofMillis(200);

    private final Cluster cluster;
    private final String topic;
    private final TopicPartition partition;
    private final byte[] key;

    CheckpointTopic(Cluster cluster, String topic, byte[] key) {
        this.cluster = cluster;
        this.topic = topic;
        this.key = key;
        partition = new TopicPartition(topic, 0);
    }

    ProducerRecord<byte[], byte[]> record(PositionRecord position) {
        return new ProducerRecord<>(topic, 0, key, position.toBytes());
    }

    /**
     * Returns the last committed record. Waits until the open transactions of other sinks end: until then, Kafka does not return
     * committed records after them.
     *
     * @return null if there is none
     */
    @Nullable
    PositionRecord read() throws Exception {
        return read(IsolationLevel.READ_COMMITTED);
    }

    /**
     * Returns the last written record, even if its transaction is not committed. Does not wait for open transactions.
     *
     * @return null if there is none
     */
    @Nullable
    PositionRecord readUncommitted() throws Exception {
        return read(IsolationLevel.READ_UNCOMMITTED);
    }

    private @Nullable PositionRecord read(IsolationLevel level) throws Exception {
        long end = end(IsolationLevel.READ_UNCOMMITTED);
        try (Consumer<byte[], byte[]> reader = cluster.reader(level)) {
            reader.assign(List.of(partition));
            Long first = reader.beginningOffsets(List.of(partition)).get(partition);
            long begin = first == null ? 0 : first;
            for (long back = NEAR; ; back *= FARTHER) {
                long from = Math.max(begin, end - back);
                byte[] found = last(reader, level, from, end);
                if (found != null) {
                    return parse(found);
                }
                if (from == begin) {
                    return null;
                }
            }
        }
    }

    private long end(IsolationLevel of) throws Exception {
        try (Admin admin = cluster.admin()) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(of))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    private byte @Nullable [] last(Consumer<byte[], byte[]> reader, IsolationLevel level, long from, long end)
            throws Exception {
        byte[] found = null;
        reader.seek(partition, from);
        long deadline = System.nanoTime() + Cluster.ANSWER.toNanos();
        while (reader.position(partition) < end) {
            long before = reader.position(partition);
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                if (Arrays.equals(key, record.key())) {
                    found = record.value();
                }
            }
            if (reader.position(partition) > before) {
                deadline = System.nanoTime() + Cluster.ANSWER.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw noMore(level, end);
            }
        }
        return found;
    }

    /** Returns the error that tells why the reader gets no more records. */
    private RuntimeException noMore(IsolationLevel level, long end) throws Exception {
        long readable = end(level);
        if (readable >= end) {
            return new TimeoutException(
                    "no more of topic " + topic + " arrived within " + Cluster.ANSWER.toSeconds() + " s");
        }
        return new SinkException(
                ErrorCode.TARGET_LOST,
                "topic " + topic + " cannot be read to its end: an open transaction blocks it at offset " + readable
                        + " of "
                        + end + "; " + cluster.where()
                        + ". The brokers end it after the transaction_timeout_ms of its sink.");
    }

    private PositionRecord parse(byte[] value) {
        try {
            return PositionRecord.parse(value);
        } catch (IllegalArgumentException e) {
            throw new SinkException(
                    ErrorCode.TARGET_MISFIT,
                    "topic " + topic + " has a record that is not a position; " + cluster.where()
                            + ". Write another checkpoint_topic, or repair the record.",
                    e);
        }
    }
}
