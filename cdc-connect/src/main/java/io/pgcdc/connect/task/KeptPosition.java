package io.pgcdc.connect.task;

import io.pgcdc.connect.offset.SourceState;
import io.pgcdc.connect.offset.StreamOffset;
import io.pgcdc.model.Lsn;
import java.util.Map;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows what Kafka Connect has committed of the stream's offset. It reads the offset back, on a thread of its own, after Kafka Connect says that it
 * committed offsets: only so is it certain which ones.
 */
final class KeptPosition implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeptPosition.class);

    /** Interval between two reads: each asks the brokers for the end of the topic of offsets. */
    private static final long BETWEEN_READS_MS = 250;

    /** How long a read may take while brokers answer. */
    private static final long READING_MS = 200;

    private static final long CLOSING_MS = 2_000;

    /** Longest interval between two runs of the upkeep. */
    private static final long UPKEEP_MS = 5_000;

    private final OffsetStorageReader reader;
    private final SourceState state;
    private final Runnable upkeep;
    private final Thread thread;
    private volatile long acknowledged;
    private boolean committed;
    private boolean closed;

    /**
     * Begins with what the state knows.
     *
     * @param upkeep what the thread does besides, every few seconds
     * @param name of the thread
     */
    KeptPosition(OffsetStorageReader reader, SourceState state, Runnable upkeep, String name) {
        this.reader = reader;
        this.state = state;
        this.upkeep = upkeep;
        StreamOffset kept = state.stream();
        acknowledged = kept == null ? Lsn.INVALID : kept.acknowledged();
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Returns the LSN that the committed offset acknowledges. Any thread. */
    long acknowledged() {
        return acknowledged;
    }

    /** Notes that Kafka Connect has committed offsets. Any thread. */
    synchronized void committed() {
        committed = true;
        notifyAll();
    }

    private void run() {
        try {
            while (!isClosed()) {
                if (await()) {
                    read();
                    pause();
                }
                upkeep.run();
            }
        } catch (InterruptedException e) {
            LOG.debug("the task has ended", e);
        }
    }

    /** Returns true if offsets were committed; false after a while, or if this is closed. */
    private synchronized boolean await() throws InterruptedException {
        long deadline = System.nanoTime() + UPKEEP_MS * 1_000_000;
        for (long left = UPKEEP_MS; !committed && !closed && left > 0; ) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        boolean due = committed && !closed;
        committed = false;
        return due;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void pause() throws InterruptedException {
        long deadline = System.nanoTime() + BETWEEN_READS_MS * 1_000_000;
        for (long left = BETWEEN_READS_MS; !closed && left > 0; ) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }

    private void read() {
        try {
            Map<String, Object> found = reader.offset(state.streamPartition());
            if (found != null) {
                acknowledged = Lsn.max(acknowledged, StreamOffset.parse(found).acknowledged());
            }
        } catch (RuntimeException e) {
            LOG.debug("the committed offset cannot be read; it is read again after the next commit", e);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(READING_MS);
            thread.interrupt(); // Kafka Connect logs an error for a read that is interrupted
            thread.join(CLOSING_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
