package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.format.FormatChoice;
import io.pgcdc.sinks.kafka.format.FormatSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Lets a sink continue where Debezium stopped: reads Debezium's position, and writes it as the sink's own. For one thread. */
public final class Takeover {

    private final String sink;
    private final SettingValues settings;
    private final Cluster cluster;
    private final String server;

    /**
     * Prepares the takeover of one sink.
     *
     * @throws SinkException TAKEOVER_REFUSED if the sink's format is not {@code debezium}, or its delivery is not
     *     {@code exactly_once}
     */
    public Takeover(String sink, SettingValues settings) {
        this.sink = sink;
        this.settings = settings;
        cluster = new Cluster(settings.get(DeliverySettings.PROPERTIES));
        String prefix = settings.find(FormatSettings.PREFIX);
        if (settings.get(FormatSettings.FORMAT) != FormatChoice.DEBEZIUM || prefix == null) {
            throw refused(
                    "does not write Debezium's records. Give it format: debezium, with the connector's topic.prefix as prefix.");
        }
        if (settings.get(DeliverySettings.DELIVERY) != Delivery.EXACTLY_ONCE) {
            throw refused(
                    "keeps no position with delivery: at_least_once. Adopt with exactly_once; you can change it afterwards.");
        }
        server = prefix;
    }

    private SinkException refused(String why) {
        return new SinkException(ErrorCode.TAKEOVER_REFUSED, "sink \"" + sink + "\" " + why);
    }

    /**
     * Reads the topic to its end, and returns the connector's last offset.
     *
     * @param topic the topic of offsets of Kafka Connect, or of Debezium's engine
     * @param connector the connector's name; null if only one connector has the sink's prefix as topic.prefix
     * @throws SinkException TAKEOVER_REFUSED if the topic does not exist, or does not have exactly one such connector
     */
    public DebeziumOffset offset(String topic, @Nullable String connector) {
        try (Consumer<byte[], byte[]> reader = cluster.reader(IsolationLevel.READ_COMMITTED)) {
            if (!reader.listTopics().containsKey(topic)) {
                throw refused("cannot adopt: topic " + topic + " does not exist; " + cluster.where()
                        + ". Give the worker's offset.storage.topic with --offsets-topic.");
            }
            Map<String, String> byConnector = new TreeMap<>();
            for (var partition : reader.partitionsFor(topic)) {
                read(reader, new TopicPartition(topic, partition.partition()), byConnector);
            }
            if (connector != null) {
                byConnector.keySet().retainAll(List.of(connector));
            }
            if (byConnector.size() != 1) {
                throw refused("cannot adopt: topic " + topic + " has offsets of "
                        + (byConnector.isEmpty() ? "no connector" : "connectors " + byConnector.keySet())
                        + (connector == null ? "" : " named " + connector) + " with topic.prefix " + server + "; "
                        + cluster.where() + ". "
                        + (byConnector.isEmpty()
                                ? "Correct prefix, --offsets-topic or --connector."
                                : "Choose one with --connector."));
            }
            return DebeziumOffset.parse(byConnector.values().iterator().next());
        } catch (KafkaException e) {
            throw KafkaErrors.ofCommand(e, "reading topic " + topic, cluster);
        }
    }

    /**
     * Reads the offsets of one partition into the map. For each key, the last record counts. All records of a key are in one
     * partition.
     */
    private void read(Consumer<byte[], byte[]> reader, TopicPartition partition, Map<String, String> byConnector) {
        reader.assign(List.of(partition));
        reader.seekToBeginning(List.of(partition));
        Long end = reader.endOffsets(List.of(partition)).get(partition);
        while (end != null && reader.position(partition) < end) {
            long before = reader.position(partition);
            ConsumerRecords<byte[], byte[]> records = reader.poll(Cluster.ANSWER);
            if (reader.position(partition) == before) {
                throw new TimeoutException("no more records within " + Cluster.ANSWER.toSeconds() + " s");
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                byte[] recordKey = record.key();
                byte[] value = record.value();
                Map<String, String> key = recordKey == null ? Map.of() : FlatJson.readNamed(recordKey);
                String connector = key.get("");
                if (connector != null && server.equals(key.get("server"))) {
                    if (value == null) {
                        byConnector.remove(connector);
                    } else {
                        byConnector.put(connector, new String(value, StandardCharsets.UTF_8));
                    }
                }
            }
        }
    }

    /**
     * Writes the position that Debezium has sent as the sink's position. Writes nothing if the slot has passed everything that
     * Debezium sent.
     *
     * @param place the place that was found in the slot's stream
     * @param slot the slot's state when the search began
     * @throws SinkException TAKEOVER_REFUSED if the slot does not prove the offset, or the sink already has a position
     */
    public void adopt(PlaceFinder place, SlotFacts slot) {
        OffsetProof.require(place, slot);
        SourceId source = place.source();
        String topic = settings.get(DeliverySettings.CHECKPOINT_TOPIC);
        CheckpointTopic checkpoints = new CheckpointTopic(cluster, topic, PositionRecord.key(source, sink));
        try {
            try (TopicKeeper topics = new TopicKeeper(sink, cluster, settings)) {
                topics.requireCheckpoints(topic);
            }
            PositionRecord found = checkpoints.read();
            if (found != null) {
                throw refused((found.position() == null
                                ? "was already started, as shown by "
                                : "already has a position, " + found.position() + ", in ")
                        + "topic " + topic + "; " + cluster.where()
                        + ". It continues from there; start it with cdc run.");
            }
            Position sent = place.sent();
            if (sent != null) {
                try (Producer<byte[], byte[]> producer = cluster.producer(null, 0)) {
                    producer.send(checkpoints.record(new PositionRecord(sent, place.whole(), "adopted")))
                            .get();
                }
            }
        } catch (SinkException e) {
            throw e;
        } catch (Exception e) {
            throw KafkaErrors.ofCommand(e, "writing the position", cluster);
        }
    }
}
