package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.setting.KeyValues;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.kafka.format.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds topics. Creates missing topics if create_topics is true. For one thread. */
final class TopicKeeper implements Topics, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicKeeper.class);

    private static final long SILENT_S = 3;

    private static final long BETWEEN_LOOKS_NANOS = 10_000_000;

    private final String sink;
    private final Cluster cluster;
    private final boolean create;
    private final Optional<Integer> partitions;
    private final Optional<Short> replicas;
    private final KeyValues config;
    private @Nullable Admin admin;

    TopicKeeper(String sink, Cluster cluster, SettingValues settings) {
        this.sink = sink;
        this.cluster = cluster;
        create = settings.get(DeliverySettings.CREATE_TOPICS);
        partitions =
                Optional.ofNullable(settings.find(DeliverySettings.PARTITIONS)).map(Long::intValue);
        replicas = Optional.ofNullable(settings.find(DeliverySettings.REPLICATION_FACTOR))
                .map(Long::shortValue);
        config = settings.get(DeliverySettings.TOPIC_CONFIG);
    }

    @Override
    public int partitions(String topic) {
        return require(topic, partitions, config.asMap());
    }

    /**
     * Checks that the topic of positions exists, or creates it.
     *
     * @throws SinkException TARGET_MISFIT if it has more than one partition
     */
    void requireCheckpoints(String topic) {
        int found = require(topic, Optional.of(1), CheckpointTopic.CONFIG);
        if (found != 1) {
            throw new SinkException(
                    ErrorCode.TARGET_MISFIT,
                    "sink \"" + sink + "\": topic " + topic + " of positions has " + found + " partitions; "
                            + cluster.where() + ". It must have one; write another checkpoint_topic.");
        }
    }

    /** Checks that the cluster answers. Says soon that it does not, and waits on: another broker may take over. */
    void requireCluster() {
        try {
            KafkaFuture<String> answer = admin().describeCluster().clusterId();
            try {
                String unused = answer.get(SILENT_S, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                LOG.warn("sink {}: no answer from {} for {} s; waiting", sink, cluster.where(), SILENT_S);
                String unused = answer.get();
            }
        } catch (Exception e) {
            throw KafkaErrors.of(e, "connecting", cluster);
        }
    }

    private int require(String topic, Optional<Integer> count, Map<String, String> with) {
        try {
            Integer found = find(topic);
            if (found == null && create) {
                make(topic, count, with);
                found = await(topic);
            }
            if (found == null) {
                throw new SinkException(
                        create ? ErrorCode.TARGET_LOST : ErrorCode.TARGET_MISSING,
                        "sink \"" + sink + "\": topic " + topic + " does not exist; " + cluster.where()
                                + (create
                                        ? ". It was created; the sink checks again."
                                        : ". Create it, or set create_topics: true."));
            }
            return found;
        } catch (SinkException e) {
            throw e;
        } catch (Exception e) {
            throw KafkaErrors.of(e, "looking for topic " + topic, cluster);
        }
    }

    /** Returns the client that all topics share: there may be hundreds of topics, and a client takes time to start. */
    private Admin admin() {
        Admin current = admin;
        if (current == null) {
            current = cluster.admin();
            admin = current;
        }
        return current;
    }

    @Override
    public void close() {
        Admin current = admin;
        admin = null;
        if (current != null) {
            current.close(Duration.ZERO);
        }
    }

    /**
     * Waits until the brokers know a created topic.
     *
     * @return the number of its partitions; null if they do not know it within {@link Cluster#ANSWER}
     */
    private @Nullable Integer await(String topic) throws Exception {
        long begin = System.nanoTime();
        Integer found = find(topic);
        while (found == null
                && System.nanoTime() - begin < Cluster.ANSWER.toNanos()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            found = find(topic);
        }
        return found;
    }

    /** Returns the topic's number of partitions, or null if the topic does not exist. */
    private @Nullable Integer find(String topic) throws Exception {
        try {
            TopicDescription found =
                    admin().describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            return found == null ? null : found.partitions().size();
        } catch (ExecutionException e) {
            if (KafkaErrors.cause(e) instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw e;
        }
    }

    private void make(String topic, Optional<Integer> count, Map<String, String> with) throws Exception {
        try {
            admin().createTopics(List.of(new NewTopic(topic, count, replicas).configs(with)))
                    .all()
                    .get();
            LOG.info("sink {}: created topic {}", sink, topic);
        } catch (ExecutionException e) {
            Throwable cause = KafkaErrors.cause(e);
            if (cause instanceof InvalidTopicException) {
                // among others: a topic is there whose name differs only in . and _
                throw cannotBeCreated(
                        topic,
                        cause,
                        "Write another name: topic_rules for a table's topic, or the setting that names this topic (topic,"
                                + " message_topic, transaction_topic, event_topic, checkpoint_topic).");
            }
            if (cause instanceof InvalidConfigurationException
                    || cause instanceof InvalidReplicationFactorException
                    || cause instanceof PolicyViolationException) {
                throw cannotBeCreated(topic, cause, "Correct partitions, replication_factor or topic_config.");
            }
            if (!(cause instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private SinkException cannotBeCreated(String topic, Throwable cause, String remedy) {
        return new SinkException(
                ErrorCode.TARGET_MISFIT,
                "sink \"" + sink + "\": topic " + topic + " cannot be created; " + cluster.where() + ". Kafka said: "
                        + KafkaErrors.said(cause) + " " + remedy,
                cause);
    }
}
