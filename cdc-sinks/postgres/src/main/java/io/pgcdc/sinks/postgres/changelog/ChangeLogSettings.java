package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.model.TableName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings of a change_logs sink. */
final class ChangeLogSettings {

    /** The forms of {@code table_name}. */
    enum TableNames {
        PLAIN,
        QUALIFIED
    }

    /** How the sink treats a change that does not fit in the table, for example because a column is too short. */
    enum WhenUnfit {
        /** The sink refuses the change. */
        ERROR,
        /** The sink alters the change so that it fits, or skips it if it is a MESSAGE. */
        MAP
    }

    private static final SettingType<String> IDENTIFIER = SettingType.text(
            Pattern.compile("[^\\x00-\\x1f\"]{1,63}"),
            "a name as the catalog has it, without quotes, of 1 to 63 bytes");

    static final Setting<String> SCHEMA = Setting.of("schema", IDENTIFIER, "cdc_pattern", "Schema of the table.");

    /**
     * The longest name of a table, in bytes. Partitions and indexes extend the name. The longer name must still fit in an
     * identifier, which has at most 63 bytes.
     */
    private static final int TABLE_BYTES = 45;

    static final Setting<String> TABLE = Setting.of(
            "table",
            SettingType.one("text", "1 to " + TABLE_BYTES + " bytes", text -> {
                String name = IDENTIFIER.read(List.of(text));
                if (name.getBytes(StandardCharsets.UTF_8).length > TABLE_BYTES) {
                    throw new IllegalArgumentException(
                            "a name of at most " + TABLE_BYTES + " bytes, because names of partitions extend it");
                }
                return name;
            }),
            "change_logs",
            "Name of the table.");

    static final Setting<TableNames> TABLE_NAMES = Setting.of(
            "table_names",
            SettingType.choice(TableNames.class),
            TableNames.PLAIN,
            "The form of table_name. `plain`: the table's name, like a trigger's TG_TABLE_NAME. `qualified`: schema.table.");

    static final Setting<Period> PARTITION = Setting.optional(
            "partition",
            SettingType.choice(Period.class),
            "The length of the partitions of changed_at that the sink creates before they are needed, in UTC. If not set:"
                    + " `day` with create: true, otherwise the sink creates none.");

    static final Setting<Long> PARTITIONS_AHEAD = Setting.of(
            "partitions_ahead",
            SettingType.number(0, 1_000),
            3L,
            "The number of partitions after the current one that the sink creates ahead.");

    static final Setting<Retention> RETAIN = Setting.of(
            "retain",
            SettingType.choice(Retention.class),
            Retention.KEEP,
            "What happens to a partition that ended retain_days ago. `detach`: it becomes a separate table. `drop`: it is"
                    + " dropped; a log line tells if it had unprocessed rows. `drop_processed`: it is dropped once all its rows are"
                    + " processed.");

    static final Setting<Long> RETAIN_DAYS = Setting.of(
            "retain_days",
            SettingType.number(1, 36_500),
            30L,
            "Days after the end of a partition at which `retain` takes effect.");

    static final Setting<WhenUnfit> WHEN_UNFIT = Setting.of(
            "when_unfit",
            SettingType.choice(WhenUnfit.class),
            WhenUnfit.ERROR,
            "What happens to a change that does not fit in a narrower table that you created. `error`: the change is refused,"
                    + " see dead_letter. `map`: a table_name or record_id that is too long becomes `sha256:` and its hash; a missing"
                    + " record_id becomes the empty text. If the table's check does not allow their change_type, a READ becomes an"
                    + " INSERT, a TRUNCATE becomes a DELETE without data, and a MESSAGE is skipped. No value is ever cut.");

    static final Setting<String> NOTIFY = Setting.optional(
            "notify",
            IDENTIFIER,
            "The channel of a NOTIFY with each commit, for consumers that LISTEN. Its payload is the position of the last row.");

    static final List<Setting<?>> ALL = TargetSettings.with(
            List.of(SCHEMA, TABLE, TABLE_NAMES, PARTITION, PARTITIONS_AHEAD, RETAIN, RETAIN_DAYS, WHEN_UNFIT, NOTIFY));

    private ChangeLogSettings() {}

    static TableName table(SettingValues values) {
        return new TableName(values.get(SCHEMA), values.get(TABLE));
    }

    static void check(SettingValues values, BiConsumer<Setting<?>, String> problems) {
        boolean keeps = values.get(RETAIN) == Retention.KEEP;
        if (values.isGiven(RETAIN_DAYS) && keeps) {
            problems.accept(RETAIN_DAYS, "has no effect without retain; write retain: detach, drop or drop_processed");
        }
        if (partition(values) == null) {
            for (Setting<?> setting : List.of(RETAIN, PARTITIONS_AHEAD)) {
                if (values.isGiven(setting)) {
                    problems.accept(
                            setting, "has no effect without partition; write partition: hour, day, week or month");
                }
            }
        }
    }

    /** Returns the length of the partitions that the sink creates, or null if it creates none. */
    static @Nullable Period partition(SettingValues values) {
        Period given = values.find(PARTITION);
        return given == null && values.get(TargetSettings.CREATE) ? Period.DAY : given;
    }
}
