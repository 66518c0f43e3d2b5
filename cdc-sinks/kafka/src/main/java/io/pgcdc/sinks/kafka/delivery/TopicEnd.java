package io.pgcdc.sinks.kafka.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * The current end of a topic.
 *
 * @param id Kafka's id of the topic
 * @param offsets offset after the last record, by partition; records of open transactions count
 */
record TopicEnd(String id, List<Long> offsets) {

    static TopicEnd of(Cluster cluster, String topic) throws Exception {
        try (Admin admin = cluster.admin()) {
            TopicDescription found =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            int count = Objects.requireNonNull(found).partitions().size();
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (int i = 0; i < count; i++) {
                latest.put(new TopicPartition(topic, i), OffsetSpec.latest());
            }
            ListOffsetsResult ends = admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED));
            List<Long> offsets = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                offsets.add(
                        ends.partitionResult(new TopicPartition(topic, i)).get().offset());
            }
            return new TopicEnd(found.topicId().toString(), offsets);
        }
    }
}
