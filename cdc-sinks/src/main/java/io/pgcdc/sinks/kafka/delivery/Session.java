package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.model.Position;
import io.pgcdc.sinks.kafka.format.Records.Outgoing;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A producer, and what it has under way. One thread; failures of records come from the producer's. */
final class Session {

    private static final Duration CLOSING = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Producer<byte[], byte[]> producer;
    private final boolean transactional;
    private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
    private boolean open;
    private long bytes;
    private long records;
    private long sinceNanos;

    Session(Producer<byte[], byte[]> producer, boolean transactional) {
        this.producer = producer;
        this.transactional = transactional;
    }

    /**
     * A record that was not taken.
     *
     * @param record null: it was none of a change
     */
    record Failure(@Nullable Sent record, Exception thrown) {

        /** Whether the record itself was not wanted. Others of its batch fail with it, and are not to blame. */
        boolean isOfRecord() {
            return record != null && KafkaErrors.isOfRecord(thrown);
        }

        /** The first; but one that names the record before one that does not. */
        static Failure worthier(@Nullable Failure first, Failure next) {
            return first == null || (next.isOfRecord() && !first.isOfRecord()) ? next : first;
        }
    }

    /**
     * What is remembered of a record until the cluster has it. Not its bytes: the producer has copied them, and thousands of records wait at
     * a time.
     *
     * @param change position of the change that it comes from
     * @param source what it is made of, for messages
     * @param bytes of key and value
     */
    record Sent(Position change, String source, String topic, int bytes) {}

    /** Sends without waiting. What becomes of it, {@link #commit} and {@link #flush} tell; each may throw {@link Failed}. */
    void send(Outgoing outgoing) {
        try {
            begin();
            int size = outgoing.bytes();
            bytes += size;
            records++;
            ProducerRecord<byte[], byte[]> record = outgoing.record();
            hand(record, new Sent(outgoing.change(), outgoing.source(), record.topic(), size));
        } catch (RuntimeException e) {
            throwIfFailed(); // a record before this one, of which the producer says only that it failed
            throw e;
        }
        throwIfFailed();
    }

    private void begin() {
        if (transactional && !open) {
            producer.beginTransaction();
            open = true;
            sinceNanos = System.nanoTime();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the same
    private void hand(ProducerRecord<byte[], byte[]> record, @Nullable Sent sent) {
        producer.send(record, (metadata, thrown) -> {
            if (thrown != null) {
                failure.accumulateAndGet(new Failure(sent, thrown), Failure::worthier);
            }
        });
    }

    /** Since the last commit, or flush. */
    long bytes() {
        return bytes;
    }

    boolean pending() {
        return records > 0;
    }

    /** How long the Kafka transaction has been open. */
    Duration age() {
        return open ? Duration.ofNanos(System.nanoTime() - sinceNanos) : Duration.ZERO;
    }

    /** Commits what was sent, with the checkpoint as the last record. */
    void commit(CheckpointTopic checkpoints, Checkpoint checkpoint) {
        try {
            begin();
            hand(checkpoints.record(checkpoint), null);
            producer.commitTransaction();
        } catch (RuntimeException e) {
            throwIfFailed(); // which says more
            throw e;
        }
        throwIfFailed();
        open = false;
        settled();
    }

    /** What was sent is with the cluster. */
    void flush() {
        producer.flush();
        throwIfFailed();
        settled();
    }

    private void settled() {
        bytes = 0;
        records = 0;
    }

    private void throwIfFailed() {
        if (failure.get() != null) {
            awaitAnswers(); // the record that is to blame may be heard of after those that failed with it
            throw new Failed(failure.get());
        }
    }

    private void awaitAnswers() {
        try {
            producer.flush();
        } catch (RuntimeException e) {
            LOG.debug("the producer has failed already", e);
        }
    }

    /** An open transaction is broken off, so that readers need not wait for its end. */
    void close() {
        if (open) {
            try {
                producer.abortTransaction();
            } catch (RuntimeException e) {
                LOG.debug("the cluster breaks the transaction off by itself, later", e);
            }
        }
        try {
            producer.close(CLOSING);
        } catch (RuntimeException e) {
            LOG.debug("the producer did not end in order", e); // interrupted, at a stop
        }
    }

    /** Carries the first failure. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Failure failure;

        Failed(Failure failure) {
            super(failure.thrown());
            this.failure = failure;
        }

        /** Null: it was none of a change. */
        @Nullable
        Sent record() {
            return failure.record();
        }

        Exception thrown() {
            return failure.thrown();
        }
    }
}
