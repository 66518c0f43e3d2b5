package io.pgcdc.connect.config;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sinks.kafka.format.TopicTemplate;
import java.util.List;
import java.util.regex.Pattern;

/** The settings that only the connector has. */
public final class ConnectSettings {

    public static final Setting<List<String>> SOURCES = Setting.optional(
            "sources",
            SettingType.list(SettingType.text(
                    Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}"), "names of 1 to 63 of a-z, 0-9, _, -")),
            "The names of several sources, each a slot with a task of its own: `orders,users`. Write what differs as"
                    + " `sources.orders.slot`, `sources.users.slot` and so on. What is not given there is taken from the property without"
                    + " a name, such as `source.url` or `snapshot.mode`. If not set: there is one source.");

    public static final Setting<String> PASSWORD = Setting.optional(
                    "password",
                    SettingType.text(),
                    "The password of `source.url`. Do not write it down: name a file with `${file:/path:key}`, or another"
                            + " config provider of the worker. If neither it nor the URL has one: `~/.pgpass` on the worker.")
            .asSecret();

    public static final Setting<Long> MEMORY_BYTES = Setting.of(
            "memory_bytes",
            SettingType.number(1_048_576, 1L << 40),
            67_108_864L,
            "How many bytes of changes of a source wait in the worker's memory for Kafka. If it is full, pgcdc reads no more until"
                    + " Kafka has caught up.");

    public static final Setting<Long> SPLIT_BYTES = Setting.of(
            "split_bytes",
            SettingType.number(1, 1L << 40),
            268_435_456L,
            "With `transaction.boundary=connector`: a larger transaction of the source is split into several Kafka transactions of"
                    + " roughly this size. Its changes still arrive once each and in order, but readers see its beginning before its end.");

    public static final Setting<Long> COMMIT_BYTES = Setting.of(
            "commit_bytes",
            SettingType.number(0, 1L << 30),
            8_388_608L,
            "With `transaction.boundary=connector`: while more transactions of the source come, whole ones share a Kafka transaction of"
                    + " roughly up to this size, as the worker's memory holds them: 1 KiB a record and more. `0`: each has a Kafka"
                    + " transaction of its own, always; some hundred a second are possible then.");

    public static final Setting<String> HEARTBEAT_TOPIC = Setting.optional(
            "heartbeat_topic",
            TopicTemplate.NAME,
            "The topic of the records that carry the position when nothing else does. If not set: `__pgcdc-heartbeat.` and the"
                    + " connector's name.");

    public static final Setting<Long> HEARTBEAT_RECORD_INTERVAL_MS = Setting.of(
            "heartbeat_record_interval_ms",
            SettingType.number(100, 3_600_000),
            10_000L,
            "If no other record carried the position for so long, although it moved, a record on `heartbeat_topic` does. It lets the slot"
                    + " advance while the captured tables do not change.");

    private ConnectSettings() {}
}
