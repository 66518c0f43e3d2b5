package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Topics of one sending, whose records carry the time at which the broker had them; looked through once all are there. */
final class KafkaTopics implements AutoCloseable {

    private static final int SAMPLES = 10_000;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final String brokers;
    private final Admin admin;
    private final List<String> names;
    private final List<TopicPartition> partitions = new ArrayList<>();

    KafkaTopics(String brokers, List<String> names, int partitionsEach) throws InterruptedException {
        this.brokers = brokers;
        this.names = names;
        admin = Admin.create(Map.of("bootstrap.servers", brokers));
        List<NewTopic> topics = new ArrayList<>();
        for (String name : names) {
            topics.add(new NewTopic(name, Optional.of(partitionsEach), Optional.empty())
                    .configs(Map.of("message.timestamp.type", "LogAppendTime")));
            for (int i = 0; i < partitionsEach; i++) {
                partitions.add(new TopicPartition(name, i));
            }
        }
        try {
            admin.createTopics(topics).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What is in them.
     *
     * @param firstMs when the first record came, by the broker's clock, in milliseconds since 1970
     * @param lastMs when the last one came
     * @param bytes of keys, values and headers
     * @param transactions of Kafka, those that wrote into the partition that had most
     */
    record Found(long records, long firstMs, long lastMs, long bytes, long transactions) {

        /** The first record is where the time begins. */
        double aSecond() {
            return (records - 1) / ((lastMs - firstMs) / 1e3);
        }
    }

    /**
     * Reads what is committed, to the end.
     *
     * @param samples null; or where to write lines, each as long as a record
     */
    Found read(@Nullable Path samples) {
        if (samples == null) {
            return read(record -> {});
        }
        StringBuilder lines = new StringBuilder();
        AtomicInteger count = new AtomicInteger();
        Found found = read(record -> {
            if (count.getAndIncrement() < SAMPLES) {
                appendLine(record, lines);
            }
        });
        write(samples, lines);
        return found;
    }

    /** Reads what is committed, to the end, and shows each record. */
    Found read(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", brokers);
        properties.put("isolation.level", "read_committed");
        properties.put("fetch.max.bytes", "52428800");
        properties.put("max.partition.fetch.bytes", "8388608");
        properties.put("max.poll.records", "20000");
        long records = 0;
        long bytes = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            // without the records, the marks of the transactions' ends are left
            Map<TopicPartition, Long> marks = new HashMap<>(ends);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("topics " + names + " cannot be read to their end");
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    records++;
                    bytes += bytes(record);
                    first = Math.min(first, record.timestamp());
                    last = Math.max(last, record.timestamp());
                    each.accept(record);
                    marks.merge(new TopicPartition(record.topic(), record.partition()), -1L, Long::sum);
                }
            }
            return new Found(records, first, last, bytes, Collections.max(marks.values()));
        }
    }

    /** Returns true if a topic has a record that is committed. */
    boolean hasRecord(String topic) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicPartition partition : partitions) {
            if (partition.topic().equals(topic)) {
                ends.put(partition, OffsetSpec.latest());
            }
        }
        try {
            return admin
                    .listOffsets(ends, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get()
                    .values()
                    .stream()
                    .anyMatch(end -> end.offset() > 0);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int bytes(ConsumerRecord<byte[], byte[]> record) {
        int bytes = length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            bytes += header.key().length() + length(header.value());
        }
        return bytes;
    }

    private static int length(byte @Nullable [] some) {
        return some == null ? 0 : some.length;
    }

    private static void appendLine(ConsumerRecord<byte[], byte[]> record, StringBuilder lines) {
        append(record.key(), lines);
        append(record.value(), lines);
        for (Header header : record.headers()) {
            lines.append(header.key());
            append(header.value(), lines);
        }
        lines.append('\n');
    }

    private static void append(byte @Nullable [] some, StringBuilder lines) {
        if (some != null) {
            lines.append(new String(some, StandardCharsets.UTF_8));
        }
    }

    private static void write(Path file, StringBuilder lines) {
        try {
            Files.writeString(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** They go. */
    @Override
    public void close() {
        try {
            admin.deleteTopics(names).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.close();
    }
}
