package io.pgcdc.demo;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Shows the committed records of all topics with a prefix as they arrive. It runs on its
 * own thread; {@link #finish} may be called from any.
 */
final class KafkaTail implements Runnable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> client;
    private final String prefix;
    private final PrintWriter out;
    private final Function<ConsumerRecord<byte[], byte[]>, String> line;
    private final Set<TopicPartition> partitions = new HashSet<>();
    private final Set<String> topics = new HashSet<>();
    private volatile boolean finishing;
    private final AtomicLong records = new AtomicLong();
    private volatile @Nullable RuntimeException failure;

    /**
     * Creates it; connects later.
     *
     * @param client properties of a client of the cluster
     * @param line what is shown of a record
     */
    KafkaTail(
            Map<String, String> client,
            String prefix,
            PrintWriter out,
            Function<ConsumerRecord<byte[], byte[]>, String> line) {
        this.client = new HashMap<>(client);
        this.client.put("isolation.level", "read_committed");
        this.prefix = prefix;
        this.out = out;
        this.line = line;
    }

    /** Returns the width to which lines are cut: the terminal's. */
    static int columns() {
        return Boolean.getBoolean(StdoutSinkProvider.TERMINAL_PROPERTY)
                ? Integer.getInteger(StdoutSinkProvider.COLUMNS_PROPERTY, 80)
                : Integer.MAX_VALUE;
    }

    @Override
    public void run() {
        try {
            show();
        } catch (RuntimeException e) {
            failure = e;
            throw e; // also visible at once: the demo may be kept running
        }
    }

    private void show() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            boolean last = false;
            while (!last) {
                // one more round after finish(), which shows everything that was committed before it
                last = finishing;
                lookForTopics(consumer);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                    consumer.poll(POLL).forEach(this::show);
                }
                out.flush();
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    private void lookForTopics(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        partitions.forEach(p -> positions.put(p, consumer.position(p)));
        List<TopicPartition> fresh = new ArrayList<>();
        consumer.listTopics().forEach((topic, found) -> {
            if (topic.startsWith(prefix)) {
                found.forEach(p -> fresh.add(new TopicPartition(topic, p.partition())));
            }
        });
        if (partitions.addAll(fresh)) {
            consumer.assign(partitions);
            partitions.forEach(p -> {
                topics.add(p.topic());
                Long at = positions.get(p);
                if (at == null) {
                    consumer.seekToBeginning(List.of(p));
                } else {
                    consumer.seek(p, at);
                }
            });
        }
    }

    private void show(ConsumerRecord<byte[], byte[]> record) {
        out.println(line.apply(record));
        records.incrementAndGet();
    }

    /** Returns topic, key and value of a record, separated by tabs, cut to the terminal's width. */
    static String full(ConsumerRecord<byte[], byte[]> record) {
        int columns = columns();
        // a tab may take eight columns, so a cut line may still be a little longer
        int most = columns == Integer.MAX_VALUE ? columns : columns - 2 * 8;
        return cut(record.topic() + "\t" + text(record.key()) + "\t" + text(record.value()), most);
    }

    static String cut(String line, int most) {
        return line.length() <= most ? line : line.substring(0, most - 1) + "…";
    }

    static String text(byte @Nullable [] utf8) {
        return utf8 == null ? "" : new String(utf8, StandardCharsets.UTF_8);
    }

    /** Ends it once everything that is committed now was shown. */
    void finish() {
        finishing = true;
    }

    /**
     * Returns how many records were shown. Call it when the thread has ended.
     *
     * @throws SinkException TARGET_LOST if they could not be read
     */
    long records() {
        RuntimeException error = failure;
        if (error != null) {
            throw new SinkException(
                    ErrorCode.TARGET_LOST,
                    "the topics of the demo's broker cannot be read (" + error.getMessage() + "). Run the demo again.",
                    error);
        }
        return records.get();
    }
}
