package io.pgcdc.snapshot;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.util.List;

/** The settings under {@code snapshot:}. */
public final class SnapshotSettings {

    public static final Setting<SnapshotMode> MODE = Setting.of(
            "mode",
            SettingType.choice(SnapshotMode.class),
            SnapshotMode.NEVER,
            "Whether the sinks first get the rows that exist. `initial`: when pgcdc creates the slot, it reads all rows of the published"
                    + " tables (change_type READ), then the changes. `only`: likewise, but the run ends after the rows; a later run"
                    + " with `initial` continues with the changes. `never`: only changes.");

    public static final Setting<Long> PARALLEL = Setting.of(
            "parallel",
            SettingType.number(1, 64),
            2L,
            "Connections that read rows at once. Large tables are read by several.");

    public static final Setting<Long> CHUNK_BYTES = Setting.of(
            "chunk_bytes",
            SettingType.number(8_192, 1_073_741_824L),
            2_097_152L,
            "Size of the part of a table's file that one query reads while changes are streamed; before the stream, four times as much."
                    + " Memory holds about six parts per connection, each with its values from TOAST. A part with more than eight"
                    + " times this size in memory is divided.");

    public static final Setting<Long> MAX_ROWS_PER_SECOND = Setting.of(
            "max_rows_per_second",
            SettingType.number(0, 1_000_000_000L),
            0L,
            "Limit of the rows that are read in a second, to spare the source. 0: no limit.");

    public static final Setting<Long> MAX_DURATION_MS = Setting.of(
            "max_duration_ms",
            SettingType.number(0, 31_536_000_000L),
            0L,
            "The longest time for which the server keeps its WAL for the rows. After it, the rest is read while changes are streamed."
                    + " 0: no limit.");

    public static final Setting<Long> MIN_SAFE_WAL_BYTES = Setting.of(
            "min_safe_wal_bytes",
            SettingType.number(0, 1_099_511_627_776L),
            1_073_741_824L,
            "If the server has a max_slot_wal_keep_size, and less WAL than this may still be written before it invalidates the slot"
                    + " (safe_wal_size), the rest is read while changes are streamed.");

    public static final List<Setting<?>> ALL =
            List.of(MODE, PARALLEL, CHUNK_BYTES, MAX_ROWS_PER_SECOND, MAX_DURATION_MS, MIN_SAFE_WAL_BYTES);

    private SnapshotSettings() {}
}
