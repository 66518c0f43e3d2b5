package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.setting.KeyValues;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sinks.kafka.format.TopicTemplate;
import java.util.List;

/** Settings of the Kafka cluster, and of the delivery of records to it. */
public final class DeliverySettings {

    public static final Setting<KeyValues> PROPERTIES = Setting.required(
            "properties",
            SettingType.keyValues(),
            "Properties of Kafka's clients, passed on unchanged: `bootstrap.servers`, and those for TLS, SASL and"
                    + " compression. Passwords and other secrets are never shown; `${env:X}` and `${file:/x}` keep them out of this"
                    + " file.");

    public static final Setting<Delivery> DELIVERY = Setting.of(
            "delivery",
            SettingType.choice(Delivery.class),
            Delivery.EXACTLY_ONCE,
            "`exactly_once`: whole transactions and the position are in one Kafka transaction; readers with"
                    + " `isolation.level=read_committed` see each change once. `at_least_once`: for clusters without transactions;"
                    + " after a crash some records repeat.");

    static final Setting<Boolean> CREATE_TOPICS = Setting.of(
            "create_topics",
            SettingType.bool(),
            true,
            "Create missing topics, including the topic of positions. `false`: a missing topic is an error.");

    static final Setting<Long> PARTITIONS = Setting.optional(
            "partitions",
            SettingType.number(1, 100_000),
            "Partitions of created topics. If not set: the cluster's default.");

    static final Setting<Long> REPLICATION_FACTOR = Setting.optional(
            "replication_factor",
            SettingType.number(1, 100),
            "Replicas of created topics. If not set: the cluster's default.");

    static final Setting<KeyValues> TOPIC_CONFIG = Setting.of(
            "topic_config",
            SettingType.keyValues(),
            KeyValues.NONE,
            "Configuration of created topics, such as `{cleanup.policy: compact}`.");

    public static final Setting<String> CHECKPOINT_TOPIC = Setting.of(
            "checkpoint_topic",
            TopicTemplate.NAME,
            "pgcdc_checkpoints",
            "The topic of positions for `exactly_once`, and of the notes of snapshots that reconcile: compacted, with one"
                    + " partition. Sinks may share it.");

    static final Setting<Long> COMMIT_BYTES = Setting.of(
            "commit_bytes",
            SettingType.number(1, 1_073_741_824),
            8_388_608L,
            "Under load, the size at which a Kafka transaction is committed. It is committed earlier after `linger_ms`, and"
                    + " when no change waits.");

    static final Setting<Long> SPLIT_BYTES = Setting.of(
            "split_bytes",
            SettingType.number(1, 1L << 40),
            268_435_456L,
            "A larger transaction of the source is split into several Kafka transactions of roughly this size; so is one that"
                    + " takes longer than half of `transaction_timeout_ms`. Its changes still arrive once each and in order, but"
                    + " readers see its beginning before its end.");

    static final Setting<Long> TRANSACTION_TIMEOUT_MS = Setting.of(
            "transaction_timeout_ms",
            SettingType.number(1_000, 86_400_000),
            60_000L,
            "The longest time that a Kafka transaction may be open before the cluster aborts it. If a crash leaves one open"
                    + " and no process takes over, readers of committed records wait for this long. At most the brokers'"
                    + " `transaction.max.timeout.ms`.");

    public static final List<Setting<?>> ALL = List.of(
            PROPERTIES,
            DELIVERY,
            CREATE_TOPICS,
            PARTITIONS,
            REPLICATION_FACTOR,
            TOPIC_CONFIG,
            CHECKPOINT_TOPIC,
            COMMIT_BYTES,
            SPLIT_BYTES,
            TRANSACTION_TIMEOUT_MS);

    private DeliverySettings() {}
}
