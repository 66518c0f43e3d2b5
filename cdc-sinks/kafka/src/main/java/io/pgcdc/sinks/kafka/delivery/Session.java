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

/** A producer, and what it has under way. One thread; failures of records come from the producer's. */
final class Session {

    private static final Duration CLOSING = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Producer<byte[], byte[]> producer;
    private final boolean transactional;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** The record that was not wanted itself; others fail with it. */
    private final AtomicReference<@Nullable Failure> unwanted = new AtomicReference<>();

    private boolean open;
    private long bytes;
    private long records;
    private long sinceNanos;

    Session(Producer<byte[], byte[]> producer, boolean transactional) {
        this.producer = producer;
        this.transactional = transactional;
    }

    /** A record that was not taken because of what it is. */
    record Failure(Sent sent, Exception thrown) {}

    /**
     * What is remembered of a record until the cluster has it. Not its bytes: the producer has copied them, and thousands of records wait at
     * a time.
     *
     * @param change position of the change that it comes from; null: of none by itself
     * @param source what it is made of, for messages
     * @param bytes of key and value
     */
    record Sent(@Nullable Position change, String source, String topic, int bytes, boolean keyless) {

        static Sent of(Outgoing outgoing) {
            ProducerRecord<byte[], byte[]> record = outgoing.record();
            return new Sent(
                    outgoing.change(), outgoing.source(), record.topic(), outgoing.bytes(), record.key() == null);
        }
    }

    /** Sends without waiting. What becomes of it, {@link #commit} and {@link #flush} tell; each may throw {@link Failed}. */
    void send(Outgoing outgoing) {
        try {
            begin();
            Sent sent = Sent.of(outgoing);
            bytes += sent.bytes();
            records++;
            hand(outgoing.record(), sent);
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
                boolean first = failure.compareAndSet(null, thrown);
                if (sent != null && isToBlame(thrown, first)) {
                    unwanted.compareAndSet(null, new Failure(sent, thrown));
                }
                if (first && !transactional) {
                    producer.close(Duration.ZERO); // or what waits behind it would come there before it
                }
            }
        });
    }

    /**
     * Whether the record is not wanted. Only the first of which it is said is sure to be: the client breaks off all that it has not sent yet with
     * the same. Of one that is too large it must be the first failure at all: behind another the client no longer splits a batch that is too large, and
     * says it of all in it.
     */
    private static boolean isToBlame(Exception thrown, boolean first) {
        return KafkaErrors.isOfRecord(thrown)
                && (first || !(KafkaErrors.cause(thrown) instanceof RecordTooLargeException));
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

    /** Commits what was sent, with the position as the last record. */
    void commit(ProducerRecord<byte[], byte[]> position) {
        try {
            begin();
            hand(position, null);
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
        Exception first = failure.get();
        if (first != null) {
            awaitAnswers(); // the record that is to blame may be heard of after those that failed with it
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

    /** What was sent is not with the cluster, and cannot come there by this session. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final Exception first;
        private final transient @Nullable Failure unwanted;

        Failed(Exception first, @Nullable Failure unwanted) {
            super(first);
            this.first = first;
            this.unwanted = unwanted;
        }

        /** What was heard first. */
        Exception first() {
            return first;
        }

        /** The record that was not taken because of what it is; null: it failed for another reason. */
        @Nullable
        Failure unwanted() {
            return unwanted;
        }
    }
}
