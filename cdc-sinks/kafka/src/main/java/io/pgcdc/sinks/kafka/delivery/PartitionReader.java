package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads records of one partition at a time, up to an offset. For one thread. */
final class PartitionReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Cluster cluster;
    private final IsolationLevel level;
    private final Consumer<byte[], byte[]> reader;

    PartitionReader(Cluster cluster, IsolationLevel level) {
        this.cluster = cluster;
        this.level = level;
        reader = cluster.reader(level);
    }

    /** Returns the offset of the partition's first record. */
    long begin(TopicPartition partition) {
        reader.assign(List.of(partition)); // the client warns of others
        Long first = reader.beginningOffsets(List.of(partition)).get(partition);
        return first == null ? 0 : first;
    }

    /**
     * Returns the offset after the partition's last record.
     *
     * @param of READ_COMMITTED for the last record that readers of committed records can see
     */
    static long end(Cluster cluster, TopicPartition partition, IsolationLevel of) throws Exception {
        try (Admin admin = cluster.admin()) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(of))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    /**
     * Passes on the records of a part of a partition, in order. With READ_COMMITTED it waits until open transactions in that part
     * end.
     *
     * @param end offset after the last record
     * @throws SinkException TARGET_LOST if an open transaction blocks the partition for longer than {@link Cluster#ANSWER}
     */
    void read(
            TopicPartition partition,
            long from,
            long end,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> taker)
            throws Exception {
        if (from >= end) {
            return;
        }
        reader.assign(List.of(partition));
        reader.seek(partition, from);
        long deadline = System.nanoTime() + Cluster.ANSWER.toNanos();
        while (reader.position(partition) < end) {
            long before = reader.position(partition);
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                if (record.offset() < end) {
                    taker.accept(record);
                }
            }
            if (reader.position(partition) > before) {
                deadline = System.nanoTime() + Cluster.ANSWER.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw noMore(partition, end);
            }
        }
    }

    /** Returns the error that tells why the reader gets no more records. */
    private RuntimeException noMore(TopicPartition partition, long end) throws Exception {
        long readable = end(cluster, partition, level);
        if (readable >= end) {
            return new TimeoutException(
                    "no more of topic " + partition.topic() + " arrived within " + Cluster.ANSWER.toSeconds() + " s");
        }
        return new SinkException(
                ErrorCode.TARGET_LOST,
                "topic " + partition.topic() + " cannot be read to its end: an open transaction blocks it at offset "
                        + readable
                        + " of "
                        + end + "; " + cluster.where()
                        + ". The brokers end it after the transaction_timeout_ms of its sink.");
    }

    @Override
    public void close() {
        reader.close();
    }
}
