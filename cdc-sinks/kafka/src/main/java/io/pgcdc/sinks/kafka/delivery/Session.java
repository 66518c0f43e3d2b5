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

/** A producer and its records in flight. For one thread; failures of records come from the producer's thread. */
final class Session {

    private static final Duration CLOSING = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Producer<byte[], byte[]> producer;
    private final boolean transactional;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** The record that was refused itself; others fail because of it. */
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
     * Data of a record until the cluster has it. Not its bytes: the producer has copied them, and thousands of records are in
     * flight.
     *
     * @param change position of its change; null if it belongs to no single change
     * @param source a table or another source, for messages
     * @param bytes size of key and value
     */
    record Sent(@Nullable Position change, String source, String topic, int bytes, boolean keyless) {

        static Sent of(Outgoing outgoing) {
            ProducerRecord<byte[], byte[]> record = outgoing.record();
            return new Sent(
                    outgoing.change(), outgoing.source(), record.topic(), outgoing.bytes(), record.key() == null);
        }
    }

    /** Sends without waiting. {@link #commit} and {@link #flush} report the outcome; each may throw {@link Failed}. */
    void send(Outgoing outgoing) {
        try {
            begin();
            Sent sent = Sent.of(outgoing);
            bytes += sent.bytes();
            records++;
            hand(outgoing.record(), sent);
        } catch (RuntimeException e) {
            throwIfFailed(); // an earlier record, of which the producer only reports that it failed
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
                    producer.close(Duration.ZERO); // otherwise later records would arrive before it
                }
            }
        });
    }

    /**
     * Returns whether the record itself is refused. That is certain only for the first failure of this kind: the client then aborts
     * all unsent records with the same error. If a record is too large, it must be the first failure of all: after another one the
     * client does not split a batch that is too large, and reports the error for all its records.
     */
    private static boolean isToBlame(Exception thrown, boolean first) {
        return KafkaErrors.isOfRecord(thrown)
                && (first || !(KafkaErrors.cause(thrown) instanceof RecordTooLargeException));
    }

    /** Returns the bytes since the last commit or flush. */
    long bytes() {
        return bytes;
    }

    boolean pending() {
        return records > 0;
    }

    /** Returns how long the Kafka transaction has been open. */
    Duration age() {
        return open ? Duration.ofNanos(System.nanoTime() - sinceNanos) : Duration.ZERO;
    }

    /** Commits the sent records, with the position as the last one. */
    void commit(ProducerRecord<byte[], byte[]> position) {
        try {
            begin();
            hand(position, null);
            producer.commitTransaction();
        } catch (RuntimeException e) {
            throwIfFailed(); // its error tells more
            throw e;
        }
        throwIfFailed();
        open = false;
        settled();
    }

    /** Waits until the cluster has the sent records. */
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
        Exception first = failure.get();
        if (first != null) {
            awaitAnswers(); // the refused record may be reported after those that failed with it
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

    /** Aborts an open transaction, so that readers need not wait for its timeout. */
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

    /** The cluster lacks sent records, and this session cannot send them any more. */
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

        /** Returns the record that was refused itself; null if there was another reason. */
        @Nullable
        Failure unwanted() {
            return unwanted;
        }
    }
}
