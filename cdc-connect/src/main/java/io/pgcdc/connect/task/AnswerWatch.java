package io.pgcdc.connect.task;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Notices that Kafka answers for no record any more. Kafka Connect then waits in its producer and shows the task as running; if a topic does not
 * exist, nothing else says what to do. Any thread; this object's monitor guards all fields but one.
 */
final class AnswerWatch {

    static final long LONGEST_MS = 60_000;

    /** Topics that a message names. */
    private static final int NAMED = 5;

    private final String source;
    private final LongSupplier nanos;
    private final Consumer<String> warn;
    private final AtomicLong answers = new AtomicLong();

    /** The number of answers that somebody waits for. */
    private volatile long awaited = Long.MAX_VALUE;

    private long given;
    private long seen;
    private long sinceNanos;
    private boolean isTold;

    /** What was given last. Kafka Connect holds it as long as it waits. */
    private WeakReference<List<SourceRecord>> last = new WeakReference<>(null);

    /**
     * Watches from the first record on.
     *
     * @param nanos a clock
     * @param warn takes a message, once each time that Kafka stops answering
     */
    AnswerWatch(String source, LongSupplier nanos, Consumer<String> warn) {
        this.source = source;
        this.nanos = nanos;
        this.warn = warn;
    }

    /** Notes what Kafka Connect gets. */
    synchronized void given(List<SourceRecord> records) {
        if (answers.get() == given) {
            restart(given);
        }
        given += records.size();
        last = new WeakReference<>(records);
    }

    /** Notes that Kafka has a record, or that Kafka Connect dropped it. */
    void answered() {
        if (answers.incrementAndGet() >= awaited) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /**
     * Waits until Kafka has what was given.
     *
     * @param waitMs the longest wait; 0: none
     * @return false if something is missing
     */
    synchronized boolean await(long waitMs) throws InterruptedException {
        long deadline = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        awaited = given;
        for (long left = waitMs; answers.get() < given && left > 0; ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - nanos.getAsLong());
        }
        awaited = Long.MAX_VALUE;
        return answers.get() >= given;
    }

    /** Warns if Kafka has not answered for long. Call it every few seconds. */
    synchronized void check() {
        long now = answers.get();
        if (now != seen || now >= given) {
            restart(now);
        } else if (!isTold && TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - sinceNanos) >= LONGEST_MS) {
            isTold = true;
            warn.accept(
                    "Kafka has not taken a record of source " + source + " for " + LONGEST_MS / 1_000 + " s; "
                            + (given - now) + " wait" + topics()
                            + ". If such a topic does not exist, and the brokers create none"
                            + " (auto.create.topics.enable=false), set topic.creation.default.partitions and"
                            + " topic.creation.default.replication.factor, or create it. Else look whether the brokers answer.");
        }
    }

    private void restart(long now) {
        seen = now;
        sinceNanos = nanos.getAsLong();
        isTold = false;
    }

    private String topics() {
        List<SourceRecord> records = last.get();
        if (records == null) {
            return "";
        }
        List<String> names =
                records.stream().map(SourceRecord::topic).distinct().toList();
        return names.stream().limit(NAMED).collect(Collectors.joining(", ", ", for topics ", ""))
                + (names.size() > NAMED ? " and others" : "");
    }
}
