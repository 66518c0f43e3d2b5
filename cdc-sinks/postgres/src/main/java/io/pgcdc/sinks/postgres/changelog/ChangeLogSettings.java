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

/** What can be configured of a change_logs sink. */
final class ChangeLogSettings {

    /** How {@code table_name} is written. */
    enum TableNames {
        PLAIN,
        QUALIFIED
    }

    /** What becomes of a change that a narrower table cannot take as it is. */
    enum WhenUnfit {
        ERROR,
        MAP
    }

    private static final SettingType<String> IDENTIFIER = SettingType.text(
            Pattern.compile("[^\\x00-\\x1f\"]{1,63}"),
            "a name as the catalog holds it, without quotes, of 1 to 63 bytes");

    static final Setting<String> SCHEMA = Setting.of("schema", IDENTIFIER, "cdc_pattern", "Schema of the table.");

    /** What partitions and indexes are called is longer, and must fit an identifier, too. */
    private static final int TABLE_BYTES = 45;

    static final Setting<String> TABLE = Setting.of(
            "table",
            SettingType.one("text", "1 to " + TABLE_BYTES + " bytes", text -> {
                String name = IDENTIFIER.read(List.of(text));
                if (name.getBytes(StandardCharsets.UTF_8).length > TABLE_BYTES) {
                    throw new IllegalArgumentException(
                            "a name of at most " + TABLE_BYTES + " bytes, for partitions are named after it");
                }
                return name;
            }),
            "change_logs",
            "Name of the table.");

    static final Setting<TableNames> TABLE_NAMES = Setting.of(
            "table_names",
            SettingType.choice(TableNames.class),
            TableNames.PLAIN,
            "What stands in table_name. `plain`: the table's name, as a trigger's TG_TABLE_NAME. `qualified`: schema.table.");

    static final Setting<Period> PARTITION = Setting.optional(
            "partition",
            SettingType.choice(Period.class),
            "Partitions of changed_at that the sink makes, in UTC, each before it is needed. Without it: `day` with create: true, else none"
                    + " are made.");

    static final Setting<Long> PARTITIONS_AHEAD = Setting.of(
            "partitions_ahead",
            SettingType.number(0, 1_000),
            3L,
            "So many partitions are there beyond the current one.");

    static final Setting<Retention> RETAIN = Setting.of(
            "retain",
            SettingType.choice(Retention.class),
            Retention.KEEP,
            "What becomes of a partition whose time ended retain_days ago. `detach`: it stays as a table of its own. `drop`: it goes, with"
                    + " rows that nobody processed, which is logged. `drop_processed`: it goes once all its rows are processed.");

    static final Setting<Long> RETAIN_DAYS =
            Setting.of("retain_days", SettingType.number(1, 36_500), 30L, "Age at which `retain` takes effect.");

    static final Setting<WhenUnfit> WHEN_UNFIT = Setting.of(
            "when_unfit",
            SettingType.choice(WhenUnfit.class),
            WhenUnfit.ERROR,
            "When the table, made by hand, is narrower than a change. `error`: the change is refused, see dead_letter. `map`: a table_name or"
                    + " record_id that is too long becomes `sha256:` and the hash of it; a record_id that is missing becomes the empty"
                    + " text; a READ becomes an INSERT, a TRUNCATE a DELETE without data, and a MESSAGE is left out, where the table's"
                    + " check does not allow them. Nothing is ever cut off.");

    static final Setting<String> NOTIFY = Setting.optional(
            "notify",
            IDENTIFIER,
            "Channel of a NOTIFY with each commit, for consumers that LISTEN; its payload is the position of the last row.");

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

    /** Null: the sink makes none. */
    static @Nullable Period partition(SettingValues values) {
        Period given = values.find(PARTITION);
        return given == null && values.get(TargetSettings.CREATE) ? Period.DAY : given;
    }
}
