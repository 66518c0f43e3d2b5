package io.pgcdc.queue;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.nio.file.Path;
import java.util.List;

/** What can be configured under {@code queue:}. */
public final class QueueSettings {

    public static final Setting<Path> DIR = Setting.required(
            "dir",
            SettingType.path(),
            "Directory of the local queue, on a disk that survives a restart; relative to the working directory."
                    + " It is made when it does not exist.");

    public static final Setting<ConfirmPolicy> CONFIRM = Setting.of(
            "confirm",
            SettingType.choice(ConfirmPolicy.class),
            ConfirmPolicy.SINKS,
            "When a change is acknowledged to the server. `sinks`: once every sink has it durably. `queue`: once it is synced to"
                    + " the local queue, which frees the primary's WAL at once; losing that disk then loses changes.");

    public static final Setting<Long> SEGMENT_BYTES = Setting.of(
            "segment_bytes",
            SettingType.number(4_096, 67_108_864),
            1_048_576L,
            "How much is gathered into one segment, the unit that the queue stores, at most.");

    public static final Setting<Long> SEGMENT_CHANGES = Setting.of(
            "segment_changes",
            SettingType.number(1, 1_000_000),
            20_000L,
            "How many changes are gathered into one segment at most, and so into one batch for a sink; one TRUNCATE of many tables may exceed it.");

    public static final Setting<Long> FILE_BYTES = Setting.of(
            "file_bytes",
            SettingType.number(1_048_576, 17_179_869_184L),
            268_435_456L,
            "Size at which a new queue file begins. Files are deleted whole, once every sink is past them."
                    + " At least `segment_bytes`.");

    public static final Setting<Long> GATHER_MS = Setting.of(
            "gather_ms",
            SettingType.number(0, 1_000),
            20L,
            "While small transactions come one by one, more than a thousand a second, so much time's worth of them goes on together: one"
                    + " sync, one batch for each sink. More costs the primary's machine less and adds latency; a lighter stream waits for"
                    + " nothing. 0: never.");

    public static final Setting<Long> FLUSH_INTERVAL_MS = Setting.of(
            "flush_interval_ms",
            SettingType.number(1, 60_000),
            500L,
            "How often, at most, progress is made durable and told to the server while it moves; while it stands still, `status_interval_ms` counts.");

    public static final Setting<Long> FLUSH_BYTES = Setting.of(
            "flush_bytes",
            SettingType.number(65_536, 17_179_869_184L),
            67_108_864L,
            "Progress over so much WAL is made durable and told to the server at once, without waiting for `flush_interval_ms`.");

    public static final Setting<Long> MIN_FREE_BYTES = Setting.of(
            "min_free_bytes",
            SettingType.number(0, 1_099_511_627_776L),
            134_217_728L,
            "With less free space than this on the queue's disk, reading pauses until there is more; the primary keeps its WAL meanwhile.");

    public static final Setting<Long> MAX_BYTES = Setting.of(
            "max_bytes",
            SettingType.number(0, 1_125_899_906_842_624L),
            0L,
            "Quota of the queue. When sinks lag so far behind that it is reached, `when_full` counts. A single transaction may exceed it, for"
                    + " no sink gets a part of one. At least twice `file_bytes`; 0: none.");

    public static final Setting<Long> RETAIN_BYTES = Setting.of(
            "retain_bytes",
            SettingType.number(0, 1_125_899_906_842_624L),
            0L,
            "So much of what every sink has is kept for sinks that are added later; it goes first when room is short. With a quota at most"
                    + " `max_bytes` less twice `file_bytes`.");

    public static final Setting<FullPolicy> WHEN_FULL = Setting.of(
            "when_full",
            SettingType.choice(FullPolicy.class),
            FullPolicy.PAUSE,
            "What happens at the quota. `pause`: reading stops until sinks have gone on; the primary keeps its WAL meanwhile. `fail`: the run"
                    + " ends with an error; with `confirm: queue` only.");

    public static final Setting<Boolean> ALLOW_NETWORK_FS = Setting.of(
            "allow_network_fs",
            SettingType.bool(),
            false,
            "Take a directory on a network file system too, where neither locks nor syncs are certain.");

    public static final List<Setting<?>> ALL = List.of(
            DIR,
            CONFIRM,
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
