package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
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
        long end = PartitionReader.end(cluster, partition, IsolationLevel.READ_UNCOMMITTED);
        try (PartitionReader reader = new PartitionReader(cluster, level)) {
            long begin = reader.begin(partition);
            for (long back = NEAR; ; back *= FARTHER) {
                long from = Math.max(begin, end - back);
                byte[] found = last(reader, from, end);
                if (found != null) {
                    return parse(found);
                }
                if (from == begin) {
                    return null;
                }
            }
        }
    }

    private byte @Nullable [] last(PartitionReader reader, long from, long end) throws Exception {
        AtomicReference<byte @Nullable []> found = new AtomicReference<>();
        reader.read(partition, from, end, record -> {
            if (Arrays.equals(key, record.key())) {
                found.set(record.value());
            }
        });
        return found.get();
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
