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
    record Failure(@Nullable Outgoing record, Exception thrown) {}

    /** Sends without waiting. What becomes of it, {@link #commit} and {@link #flush} tell. */
    void send(Outgoing outgoing) throws Failed {
        try {
            begin();
            bytes += outgoing.bytes();
            records++;
            hand(outgoing.record(), outgoing);
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
    private void hand(ProducerRecord<byte[], byte[]> record, @Nullable Outgoing outgoing) {
        producer.send(record, (metadata, thrown) -> {
            if (thrown != null) {
                failure.compareAndSet(null, new Failure(outgoing, thrown));
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
    void commit(CheckpointTopic checkpoints, Checkpoint checkpoint) throws Failed {
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
    void flush() throws Failed {
        producer.flush();
        throwIfFailed();
        settled();
    }

    private void settled() {
        bytes = 0;
        records = 0;
    }

    private void throwIfFailed() throws Failed {
        Failure failed = failure.get();
        if (failed != null) {
            throw new Failed(failed);
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
    static final class Failed extends Exception {

        private static final long serialVersionUID = 1;

        private final transient Failure failure;

        Failed(Failure failure) {
            super(failure.thrown());
            this.failure = failure;
        }

        @Nullable
        Outgoing record() {
            return failure.record();
        }

        Exception thrown() {
            return failure.thrown();
        }

        @Nullable
        Position change() {
            Outgoing record = failure.record();
            return record == null ? null : record.change();
        }
    }
}
