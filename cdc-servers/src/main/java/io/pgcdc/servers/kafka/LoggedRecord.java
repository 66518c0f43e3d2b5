package io.pgcdc.servers.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record in a broker's files.
 *
 * @param record as a consumer would get it
 * @param transaction the Kafka transaction that wrote it; null if none did
 * @param outcome of that transaction in this partition; {@link Outcome#COMMITTED} without one
 */
public record LoggedRecord(
        ConsumerRecord<byte[], byte[]> record, @Nullable KafkaTransaction transaction, Outcome outcome) {

    /**
     * What distinguishes a Kafka transaction from all others in a cluster, over all partitions: its producer, and the producer's
     * epoch, which grows with each transaction since transaction.version 2 (KIP-890).
     */
    public record KafkaTransaction(long producerId, short producerEpoch) {}

    /** How a transaction ended. */
    public enum Outcome {
        /** Readers with {@code read_committed} get its records. */
        COMMITTED,
        /** They do not. */
        ABORTED,
        /** It has no end in this partition yet. */
        OPEN
    }

    /** Returns true if a reader with {@code read_committed} gets the record, sooner or later. */
    public boolean isCommitted() {
        return outcome == Outcome.COMMITTED;
    }

    /** Returns the partition's name, such as {@code orders-0}. */
    public String partition() {
        return record.topic() + "-" + record.partition();
    }
}
