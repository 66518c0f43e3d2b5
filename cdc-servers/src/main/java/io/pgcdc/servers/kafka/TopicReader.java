package io.pgcdc.servers.kafka;

import io.pgcdc.servers.testing.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the committed records of topics, up to their current end. */
public final class TopicReader {

    private TopicReader() {}

    /** Returns the records, partition after partition, each in order. */
    public static List<ConsumerRecord<byte[], byte[]>> read(String bootstrapServers, String... topics) {
        return read(Map.of("bootstrap.servers", bootstrapServers), topics);
    }

    /** Returns the records once there are this many. Committed records may become readable a little later. */
    public static List<ConsumerRecord<byte[], byte[]>> awaitRecords(String bootstrapServers, String topic, int count) {
        return awaitRecords(bootstrapServers, topic, count, Await.DEADLINE);
    }

    /** Like {@link #awaitRecords}, with another limit of the wait. */
    public static List<ConsumerRecord<byte[], byte[]>> awaitRecords(
            String bootstrapServers, String topic, int count, Duration longest) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Await.until(count + " records in " + topic, longest, () -> {
            records.clear();
            records.addAll(read(bootstrapServers, topic));
            return records.size() >= count;
        });
        return records;
    }

    /** @param properties that the consumer needs to connect */
    public static List<ConsumerRecord<byte[], byte[]>> read(Map<String, String> properties, String... topics) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        read(properties, records::add, topics);
        return records;
    }

    /** Passes the records one after the other, for more than fit in memory. */
    public static void read(
            Map<String, String> properties, Consumer<ConsumerRecord<byte[], byte[]>> receiver, String... topics) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(committed(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Set<String> known = consumer.listTopics().keySet();
            List<TopicPartition> partitions = new ArrayList<>();
            for (String topic : topics) {
                if (known.contains(topic)) {
                    consumer.partitionsFor(topic)
                            .forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
                }
            }
            for (TopicPartition partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                Long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (end != null && consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(100)).forEach(receiver);
                }
            }
        }
    }

    private static Map<String, Object> committed(Map<String, String> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("isolation.level", "read_committed");
        // a fetch that waits at one partition's end would delay the next partition
        all.put("fetch.max.wait.ms", "10");
        return all;
    }

    /** Returns a header's text, or null if it does not exist. */
    public static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : text(header.value());
    }

    public static @Nullable String text(byte @Nullable [] utf8) {
        return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
    }
}
