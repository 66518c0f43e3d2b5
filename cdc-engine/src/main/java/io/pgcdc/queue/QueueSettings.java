package io.pgcdc.queue;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.nio.file.Path;
import java.util.List;

/** The settings under {@code queue:}. */
public final class QueueSettings {

    public static final Setting<Path> DIR = Setting.required(
            "dir",
            SettingType.path(),
            "Directory of the local queue, on a disk that survives a restart. A relative path begins at the working directory."
                    + " pgcdc creates the directory if it is missing.");

    public static final Setting<ConfirmPolicy> CONFIRM = Setting.of(
            "confirm",
            SettingType.choice(ConfirmPolicy.class),
            ConfirmPolicy.SINKS,
            "When a change is acknowledged to the server. `sinks`: when every sink has it durably. `queue`: when it is synced to"
                    + " the local queue. This frees the primary's WAL at once, but losing the queue's disk loses changes. `auto`:"
                    + " `sinks`, and `queue` while the primary has little room left for the WAL that the slot holds.");

    public static final Setting<Long> AUTO_QUEUE_BELOW_PERCENT = Setting.of(
            "auto_queue_below_percent",
            SettingType.number(1, 99),
            50L,
            "With `confirm: auto`: `queue` applies when less than this share of the WAL that the primary may keep for the slot"
                    + " (max_slot_wal_keep_size, or the free disk) is left. `sinks` applies again when the sinks have caught up and more"
                    + " than halfway from here to 100 percent is left.");

    public static final Setting<Long> AUTO_QUEUE_BELOW_MS = Setting.of(
            "auto_queue_below_ms",
            SettingType.number(0, 604_800_000),
            300_000L,
            "With `confirm: auto`: `queue` also applies when the slot would be lost within this time at the present rate. 0: only"
                    + " `auto_queue_below_percent` counts. After an acknowledgement the server needs up to 30 s to free its WAL.");

    public static final Setting<Long> SEGMENT_BYTES = Setting.of(
            "segment_bytes",
            SettingType.number(4_096, 67_108_864),
            1_048_576L,
            "Largest size of a segment, the unit that the queue stores.");

    public static final Setting<Long> SEGMENT_CHANGES = Setting.of(
            "segment_changes",
            SettingType.number(1, 1_000_000),
            20_000L,
            "Largest number of changes in a segment, and so in a batch for a sink. One TRUNCATE of many tables may exceed it.");

    public static final Setting<Long> FILE_BYTES = Setting.of(
            "file_bytes",
            SettingType.number(1_048_576, 17_179_869_184L),
            268_435_456L,
            "Size at which a new queue file begins. A file is deleted whole, when every sink has all its changes."
                    + " At least `segment_bytes`.");

    public static final Setting<Long> GATHER_MS = Setting.of(
            "gather_ms",
            SettingType.number(0, 1_000),
            20L,
            "Longest time that small transactions wait to share one segment: one sync, and one batch for each sink. They wait only if"
                    + " they arrive one by one, more than 1,000 a second. A longer time costs the primary's machine less and adds latency."
                    + " 0: they never wait.");

    public static final Setting<Long> FLUSH_INTERVAL_MS = Setting.of(
            "flush_interval_ms",
            SettingType.number(1, 60_000),
            500L,
            "Shortest interval at which new progress is made durable and reported to the server. Without new progress,"
                    + " `status_interval_ms` applies.");

    public static final Setting<Long> FLUSH_BYTES = Setting.of(
            "flush_bytes",
            SettingType.number(65_536, 17_179_869_184L),
            67_108_864L,
            "Progress over this much WAL is made durable and reported to the server at once, without waiting for `flush_interval_ms`.");

    public static final Setting<Long> MIN_FREE_BYTES = Setting.of(
            "min_free_bytes",
            SettingType.number(0, 1_099_511_627_776L),
            134_217_728L,
            "If the queue's disk has less free space than this, pgcdc stops reading until there is more. The primary keeps its WAL"
                    + " meanwhile.");

    public static final Setting<Long> MAX_BYTES = Setting.of(
            "max_bytes",
            SettingType.number(0, 1_125_899_906_842_624L),
            0L,
            "Quota of the queue. When slow sinks let the queue reach it, `when_full` applies. A single transaction may exceed it, because"
                    + " a sink gets whole transactions only. At least twice `file_bytes`. 0: no quota.");

    public static final Setting<Long> RETAIN_BYTES = Setting.of(
            "retain_bytes",
            SettingType.number(0, 1_125_899_906_842_624L),
            0L,
            "Bytes of changes that the queue keeps although every sink has them: for a feed's clients, for replays, and for sinks that you add later. They are deleted first when"
                    + " space is short. With a quota, at most `max_bytes` minus twice `file_bytes`.");

    public static final Setting<FullPolicy> WHEN_FULL = Setting.of(
            "when_full",
            SettingType.choice(FullPolicy.class),
            FullPolicy.PAUSE,
            "Reaction when the queue reaches its quota. `pause`: pgcdc stops reading until sinks make progress, and the primary keeps its"
                    + " WAL meanwhile. `fail`: the run ends with an error; requires `confirm: queue`.");

    public static final Setting<Boolean> ALLOW_NETWORK_FS = Setting.of(
            "allow_network_fs",
            SettingType.bool(),
            false,
            "Accept a directory on a network file system, where locks and syncs are not reliable.");

    public static final List<Setting<?>> ALL = List.of(
            DIR,
            CONFIRM,
            AUTO_QUEUE_BELOW_PERCENT,
            AUTO_QUEUE_BELOW_MS,
            SEGMENT_BYTES,
            SEGMENT_CHANGES,
            GATHER_MS,
            FILE_BYTES,
            FLUSH_INTERVAL_MS,
            FLUSH_BYTES,
            MIN_FREE_BYTES,
            MAX_BYTES,
            RETAIN_BYTES,
            WHEN_FULL,
            ALLOW_NETWORK_FS);

    private QueueSettings() {}
}
