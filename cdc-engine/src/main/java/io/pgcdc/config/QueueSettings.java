package io.pgcdc.config;

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

    public static final Setting<Long> FILE_BYTES = Setting.of(
            "file_bytes",
            SettingType.number(1_048_576, 17_179_869_184L),
            268_435_456L,
            "Size at which a new queue file begins. Files are deleted whole, once every sink is past them."
                    + " At least `segment_bytes`.");

    public static final Setting<Long> FLUSH_INTERVAL_MS = Setting.of(
            "flush_interval_ms",
            SettingType.number(1, 60_000),
            500L,
            "How often, at most, progress is made durable and told to the server while it moves; while it stands still, `status_interval_ms` counts.");

    public static final List<Setting<?>> ALL = List.of(DIR, CONFIRM, SEGMENT_BYTES, FILE_BYTES, FLUSH_INTERVAL_MS);

    private QueueSettings() {}
}
