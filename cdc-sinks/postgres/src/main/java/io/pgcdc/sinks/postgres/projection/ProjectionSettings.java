package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.TableName;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The settings of a projection sink. */
final class ProjectionSettings {

    /** The values of {@code on_delete}: the effect of a DELETE at the source. */
    enum OnDelete {
        DELETE,
        SOFT,
        IGNORE
    }

    /** The values of {@code on_truncate}: the effect of a TRUNCATE at the source. */
    enum OnTruncate {
        APPLY,
        IGNORE
    }

    private static final SettingType<String> COLUMN = SettingType.text(
            Pattern.compile("[^\\x00-\\x1f\"=]{1,63}"), "a column's name as the catalog has it, without quotes");

    static final Setting<TableName> TABLE = Setting.optional(
            "table",
            TargetSettings.TABLE,
            "The only target table; `tables` says from which source tables its rows come. If not set: each source table that"
                    + " reaches the sink has a target table of the same name, with all its columns.");

    static final Setting<String> SCHEMA = Setting.optional(
            "schema",
            COLUMN,
            "The schema of the target's tables, without `table`. If not set: the schemas of the source's tables.");

    static final Setting<List<Mapping>> COLUMNS = Setting.optional(
            "columns",
            SettingType.list(SettingType.one("column", Mapping.FORM, Mapping::parse)),
            "The columns of the target: `name` (the same in the source), `name=source`, `name='constant'`, `name=$row` (all"
                    + " columns, as JSON), `name=$table`, `name=$position` or `name=$commit_time`. If not set: all columns, by name.");

    static final Setting<List<String>> KEY = Setting.optional(
            "key",
            SettingType.list(COLUMN),
            "Columns of the target that identify a row. The table must have a unique constraint on exactly these. If not set:"
                    + " the columns that the source's key maps to.");

    static final Setting<OnDelete> ON_DELETE = Setting.of(
            "on_delete",
            SettingType.choice(OnDelete.class),
            OnDelete.DELETE,
            "The effect of a DELETE. `delete`: delete the row. `soft`: set deleted_column. `ignore`: nothing.");

    static final Setting<String> DELETED_COLUMN = Setting.optional(
            "deleted_column",
            COLUMN,
            "The column that shows a soft delete, with on_delete: soft. A timestamp, set to the time of the commit, or a"
                    + " boolean. Null or false until then.");

    static final Setting<OnTruncate> ON_TRUNCATE = Setting.of(
            "on_truncate",
            SettingType.choice(OnTruncate.class),
            OnTruncate.APPLY,
            "The effect of a TRUNCATE. `apply`: delete the rows, or mark them as deleted; if columns has constants, only rows"
                    + " that have them. `ignore`: nothing.");

    static final Setting<String> VERSION_COLUMN = Setting.optional(
            "version_column",
            COLUMN,
            "A column that counts the changes of the row: 1 after the first, plus 1 for each later one.");

    static final Setting<String> SYNCED_COLUMN =
            Setting.optional("synced_column", COLUMN, "A column with the time at which the row was written.");

    static final Setting<String> NEWER_BY = Setting.optional(
            "newer_by",
            COLUMN,
            "A column of the target, listed in columns. A row is replaced only if its new value is greater. For a table of events.");

    static final Setting<Boolean> NEWER_OR_EQUAL = Setting.of(
            "newer_or_equal",
            SettingType.bool(),
            false,
            "With newer_by: an equal value also replaces a row, so that a correction with the same version counts. The last change wins.");

    static final List<Setting<?>> ALL = TargetSettings.with(List.of(
            TABLE,
            SCHEMA,
            COLUMNS,
            KEY,
            ON_DELETE,
            DELETED_COLUMN,
            ON_TRUNCATE,
            VERSION_COLUMN,
            SYNCED_COLUMN,
            NEWER_BY,
            NEWER_OR_EQUAL,
            TargetSettings.ORIGIN,
            TargetSettings.REPLICATION_ROLE));

    private ProjectionSettings() {}

    static void check(SettingValues values, BiConsumer<Setting<?>, String> problems) {
        boolean mapped = values.isGiven(TABLE);
        for (Setting<?> setting : List.of(COLUMNS, KEY, NEWER_BY)) {
            if (values.isGiven(setting) && !mapped) {
                problems.accept(setting, "has no effect without table; write table: the target table");
            }
        }
        if (values.isGiven(SCHEMA) && mapped) {
            problems.accept(SCHEMA, "has no effect with table; write the schema there");
        }
        boolean soft = values.get(ON_DELETE) == OnDelete.SOFT;
        if (soft && !values.isGiven(DELETED_COLUMN)) {
            problems.accept(
                    ON_DELETE, "is soft without deleted_column; write deleted_column: the column that shows it");
        }
        if (!soft && values.isGiven(DELETED_COLUMN)) {
            problems.accept(DELETED_COLUMN, "has no effect without on_delete: soft; write that, or remove it");
        }
        if (values.isGiven(NEWER_BY) && values.isGiven(VERSION_COLUMN)) {
            problems.accept(VERSION_COLUMN, "cannot be counted with newer_by, which skips changes; remove one of them");
        }
        if (values.isGiven(NEWER_BY) && values.get(ON_DELETE) != OnDelete.IGNORE) {
            problems.accept(NEWER_BY, "requires on_delete: ignore; write that");
        }
        if (values.isGiven(NEWER_OR_EQUAL) && !values.isGiven(NEWER_BY)) {
            problems.accept(NEWER_OR_EQUAL, "has no effect without newer_by; write newer_by, or remove it");
        }
        List<Mapping> columns = values.find(COLUMNS);
        if (columns != null) {
            checkColumns(values, columns, problems);
        }
    }

    private static void checkColumns(
            SettingValues values, List<Mapping> columns, BiConsumer<Setting<?>, String> problems) {
        Set<String> targets = columns.stream().map(Mapping::target).collect(Collectors.toSet());
        if (targets.size() < columns.size()) {
            problems.accept(COLUMNS, "names a column twice; write each once");
        }
        List<String> key = values.find(KEY);
        if (key != null && !targets.containsAll(key)) {
            problems.accept(KEY, "names a column that is not in columns; add it there");
        }
        String newer = values.find(NEWER_BY);
        if (newer != null && !targets.contains(newer)) {
            problems.accept(NEWER_BY, "names a column that is not in columns; add it there");
        }
        for (Setting<String> own : List.of(VERSION_COLUMN, SYNCED_COLUMN, DELETED_COLUMN)) {
            String name = values.find(own);
            if (name != null && targets.contains(name)) {
                problems.accept(own, "is also listed in columns; remove it there");
            }
        }
    }
}
