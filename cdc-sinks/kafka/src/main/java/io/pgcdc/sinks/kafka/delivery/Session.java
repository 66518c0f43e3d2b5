package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.model.Position;
import io.pgcdc.sinks.kafka.format.Records.Outgoing;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer and its records in flight. For one thread. Only the failures of records come from the producer's thread, through
 * atomic fields.
 */
final class Session {

    private static final Duration CLOSING = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Producer<byte[], byte[]> producer;
    private final boolean transactional;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** The record that the cluster refused. Other records fail because of it. */
    private final AtomicReference<@Nullable Failure> unwanted = new AtomicReference<>();

    private boolean open;
    private long bytes;
    private long records;
    private long sinceNanos;

    Session(Producer<byte[], byte[]> producer, boolean transactional) {
        this.producer = producer;
        this.transactional = transactional;
    }

    /** A record that the cluster refuses because of its content. */
    record Failure(Sent sent, Exception thrown) {}

    /**
     * Describes a record until the cluster has it. It does not hold the record's bytes: the producer has copied them, and
     * thousands of records are in flight.
     *
     * @param change position of the record's change; null if the record belongs to no single change
     * @param source the table's name or another source, for error messages
     * @param bytes size of key and value, in bytes
     * @param keyless true if the record has no key
     */
    record Sent(@Nullable Position change, String source, String topic, int bytes, boolean keyless) {

        static Sent of(Outgoing outgoing) {
            ProducerRecord<byte[], byte[]> record = outgoing.record();
            return new Sent(
                    outgoing.change(), outgoing.source(), record.topic(), outgoing.bytes(), record.key() == null);
        }
    }

    /**
     * Sends a record without waiting for the result. {@link #commit} and {@link #flush} wait for it. All three throw {@link Failed}
     * if a record failed.
     */
    void send(Outgoing outgoing) {
        try {
            begin();
            Sent sent = Sent.of(outgoing);
            bytes += sent.bytes();
            records++;
            hand(outgoing.record(), sent);
        } catch (RuntimeException e) {
            throwIfFailed(); // an earlier record failed, and the producer's exception does not name it
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

    @SuppressWarnings("FutureReturnValueIgnored") // the callback gets the same result
    private void hand(ProducerRecord<byte[], byte[]> record, @Nullable Sent sent) {
        producer.send(record, (metadata, thrown) -> {
            if (thrown != null) {
                boolean first = failure.compareAndSet(null, thrown);
                if (sent != null && isToBlame(thrown, first)) {
                    unwanted.compareAndSet(null, new Failure(sent, thrown));
                }
                if (first && !transactional) {
                    producer.close(Duration.ZERO); // otherwise later records would arrive before this one
                }
            }
        });
    }

    /**
     * Returns true if the cluster refuses this record because of its content. That is certain only for the first such failure:
     * the client then aborts all unsent records with the same error. "Too large" counts only if it is the first failure of all:
     * after another failure the client does not split a batch that is too large, and reports the error for all its records.
     */
    private static boolean isToBlame(Exception thrown, boolean first) {
        return KafkaErrors.isOfRecord(thrown)
                && (first || !(KafkaErrors.cause(thrown) instanceof RecordTooLargeException));
    }

    /** Returns the bytes of keys and values sent since the last commit or flush. */
    long bytes() {
        return bytes;
    }

    boolean pending() {
        return records > 0;
    }

    /** Returns how long the Kafka transaction has been open; zero if none is open. */
    Duration age() {
        return open ? Duration.ofNanos(System.nanoTime() - sinceNanos) : Duration.ZERO;
    }

    /**
     * Commits the sent records, with the position as the last record. Blocks.
     *
     * @throws Failed if a record failed
     */
    void commit(ProducerRecord<byte[], byte[]> position) {
        try {
            begin();
            hand(position, null);
            producer.commitTransaction();
        } catch (RuntimeException e) {
            throwIfFailed(); // the record's error tells more
            throw e;
        }
        throwIfFailed();
        open = false;
        settled();
    }

    /**
     * Waits until the cluster has the sent records.
     *
     * @throws Failed if a record failed
     */
    void flush() {
        await();
        settled();
    }

    /** Like {@link #flush}, but the sent records still wait for a commit. */
    void await() {
        producer.flush();
        throwIfFailed();
    }

    private void settled() {
        bytes = 0;
        records = 0;
    }

    private void throwIfFailed() {
        Exception first = failure.get();
        if (first != null) {
            awaitAnswers(); // the producer may report the refused record after those that failed because of it
            throw new Failed(first, unwanted.get());
        }
    }

    private void awaitAnswers() {
        try {
            producer.flush();
        } catch (RuntimeException e) {
            LOG.debug("the producer has failed already", e);
        }
    }

    /** Closes the producer. Aborts an open transaction, so that readers need not wait for its timeout. */
    void close() {
        if (open) {
            try {
                producer.abortTransaction();
            } catch (RuntimeException e) {
                LOG.debug("the transaction was not aborted; the cluster aborts it after its timeout", e);
            }
        }
        try {
            producer.close(CLOSING);
        } catch (RuntimeException e) {
            LOG.debug("the producer did not close in order", e); // interrupted, at a stop
        }
    }

    /** Thrown if the cluster lacks sent records. The session cannot be used after it. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final Exception first;
        private final transient @Nullable Failure unwanted;

        Failed(Exception first, @Nullable Failure unwanted) {
            super(first);
            this.first = first;
            this.unwanted = unwanted;
        }

        /** Returns the first failure. */
        Exception first() {
            return first;
        }

        /** Returns the record that the cluster refused because of its content; null if there was another reason. */
        @Nullable
        Failure unwanted() {
            return unwanted;
        }
    }
}
