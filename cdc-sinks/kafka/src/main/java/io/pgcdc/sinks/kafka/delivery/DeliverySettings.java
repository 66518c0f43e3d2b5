package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.setting.KeyValues;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sinks.kafka.format.TopicTemplate;
import java.util.List;

/** The cluster, and how records reach it. */
public final class DeliverySettings {

    public static final Setting<KeyValues> PROPERTIES = Setting.required(
            "properties",
            SettingType.keyValues(),
            "Properties of Kafka's clients, handed through as they are: `bootstrap.servers`, and what TLS, SASL and compression need. Passwords"
                    + " and the like are never shown; `${env:X}` and `${file:/x}` keep them out of this file.");

    public static final Setting<Delivery> DELIVERY = Setting.of(
            "delivery",
            SettingType.choice(Delivery.class),
            Delivery.EXACTLY_ONCE,
            "`exactly_once`: whole transactions and the position in one Kafka transaction; readers with `isolation.level=read_committed` see each"
                    + " change once. `at_least_once`: for clusters without transactions; after a crash some records come again.");

    static final Setting<Boolean> CREATE_TOPICS = Setting.of(
            "create_topics",
            SettingType.bool(),
            true,
            "Create topics that are missing, the one of positions among them. `false`: a missing one is an error.");

    static final Setting<Long> PARTITIONS = Setting.optional(
            "partitions",
            SettingType.number(1, 100_000),
            "Partitions of topics that are created. Without it the cluster's own default.");

    static final Setting<Long> REPLICATION_FACTOR = Setting.optional(
            "replication_factor",
            SettingType.number(1, 100),
            "Replicas of topics that are created. Without it the cluster's own default.");

    static final Setting<KeyValues> TOPIC_CONFIG = Setting.of(
            "topic_config",
            SettingType.keyValues(),
            KeyValues.NONE,
            "Configuration of topics that are created, such as `{cleanup.policy: compact}`.");

    public static final Setting<String> CHECKPOINT_TOPIC = Setting.of(
            "checkpoint_topic",
            TopicTemplate.NAME,
            "pgcdc_checkpoints",
            "Topic that holds the position under `exactly_once`, compacted, one partition. Sinks may share it.");

    static final Setting<Long> COMMIT_BYTES = Setting.of(
            "commit_bytes",
            SettingType.number(1, 1_073_741_824),
            8_388_608L,
            "Under load a Kafka transaction is committed once it holds about so much; sooner by `linger_ms`, and when nothing waits.");

    static final Setting<Long> SPLIT_BYTES = Setting.of(
            "split_bytes",
            SettingType.number(1, 1L << 40),
            268_435_456L,
            "A transaction of the source that is larger is spread over several Kafka transactions of about so much each, and so is one that"
                    + " takes longer than half of `transaction_timeout_ms`. Its changes still come once each and in order; but readers"
                    + " see its beginning before its end has come.");

    static final Setting<Long> TRANSACTION_TIMEOUT_MS = Setting.of(
            "transaction_timeout_ms",
            SettingType.number(1_000, 86_400_000),
            60_000L,
            "How long a Kafka transaction may be open before the cluster breaks it off, which is also how long readers of committed records wait"
                    + " behind one that a crash left open and nobody takes over. At most the brokers' `transaction.max.timeout.ms`.");

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
