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

/** What can be configured of a projection sink. */
final class ProjectionSettings {

    /** What a DELETE of the source does. */
    enum OnDelete {
        DELETE,
        SOFT,
        IGNORE
    }

    /** What a TRUNCATE of the source does. */
    enum OnTruncate {
        APPLY,
        IGNORE
    }

    private static final SettingType<String> COLUMN = SettingType.text(
            Pattern.compile("[^\\x00-\\x1f\"=]{1,63}"), "a column's name as the catalog holds it, without quotes");

    static final Setting<TableName> TABLE = Setting.optional(
            "table",
            TargetSettings.TABLE,
            "The one table that is kept; `tables` says from which of the source. Without it: each table of the source that reaches the sink"
                    + " has one of the same name, with all its columns.");

    static final Setting<String> SCHEMA = Setting.optional(
            "schema", COLUMN, "Without table: the schema of the target's tables. Without it: that of the source's.");

    static final Setting<List<Mapping>> COLUMNS = Setting.optional(
            "columns",
            SettingType.list(SettingType.one("column", Mapping.FORM, Mapping::parse)),
            "The columns that are kept: `name` (the same in the source), `name=source`, `name='constant'`, `name=$row` (all columns, as JSON),"
                    + " `name=$table`, `name=$position` or `name=$commit_time`. Without it: all columns, by name.");

    static final Setting<List<String>> KEY = Setting.optional(
            "key",
            SettingType.list(COLUMN),
            "Columns of the target that a row is found by; the table must have a unique constraint on just these. Without it: where the"
                    + " columns of the source's key are.");

    static final Setting<OnDelete> ON_DELETE = Setting.of(
            "on_delete",
            SettingType.choice(OnDelete.class),
            OnDelete.DELETE,
            "`delete` the row; `soft`: set deleted_column; `ignore`.");

    static final Setting<String> DELETED_COLUMN = Setting.optional(
            "deleted_column",
            COLUMN,
            "With on_delete: soft. A timestamp, which gets the time of the commit, or a boolean; null or false while the row lives.");

    static final Setting<OnTruncate> ON_TRUNCATE = Setting.of(
            "on_truncate",
            SettingType.choice(OnTruncate.class),
            OnTruncate.APPLY,
            "`apply`: the rows go, or count as deleted; where columns has constants, those rows that have them. `ignore`.");

    static final Setting<String> VERSION_COLUMN = Setting.optional(
            "version_column",
            COLUMN,
            "Counts the changes that were applied to the row: 1 with the first, and 1 more with each.");

    static final Setting<String> SYNCED_COLUMN =
            Setting.optional("synced_column", COLUMN, "Gets the time at which the row was written.");

    static final Setting<String> NEWER_BY = Setting.optional(
            "newer_by",
            COLUMN,
            "Column of the target, one of columns: a row is replaced only where the new value is greater. For a table of events.");

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
            TargetSettings.ORIGIN));

    private ProjectionSettings() {}

    static void check(SettingValues values, BiConsumer<Setting<?>, String> problems) {
        boolean mapped = values.isGiven(TABLE);
        for (Setting<?> setting : List.of(COLUMNS, KEY, NEWER_BY)) {
            if (values.isGiven(setting) && !mapped) {
                problems.accept(setting, "has no effect without table; write table: the one that is kept");
            }
        }
        if (values.isGiven(SCHEMA) && mapped) {
            problems.accept(SCHEMA, "has no effect with table; write the schema there");
        }
        boolean soft = values.get(ON_DELETE) == OnDelete.SOFT;
        if (soft && !values.isGiven(DELETED_COLUMN)) {
            problems.accept(ON_DELETE, "is soft without deleted_column; write which column shows it");
        }
        if (!soft && values.isGiven(DELETED_COLUMN)) {
            problems.accept(DELETED_COLUMN, "has no effect without on_delete: soft; leave it out, or write that");
        }
        if (values.isGiven(NEWER_BY) && values.isGiven(VERSION_COLUMN)) {
            problems.accept(VERSION_COLUMN, "cannot be counted with newer_by, which leaves changes out; leave one out");
        }
        if (values.isGiven(NEWER_BY) && values.get(ON_DELETE) != OnDelete.IGNORE) {
            problems.accept(NEWER_BY, "is for events, whose rows may go; write on_delete: ignore");
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
            problems.accept(KEY, "names a column that columns has not; write it there, too");
        }
        String newer = values.find(NEWER_BY);
        if (newer != null && !targets.contains(newer)) {
            problems.accept(NEWER_BY, "names a column that columns has not; write it there, too");
        }
        for (Setting<String> own : List.of(VERSION_COLUMN, SYNCED_COLUMN, DELETED_COLUMN)) {
            String name = values.find(own);
            if (name != null && targets.contains(name)) {
                problems.accept(own, "is one of columns, too; leave it out there");
            }
        }
    }
}
