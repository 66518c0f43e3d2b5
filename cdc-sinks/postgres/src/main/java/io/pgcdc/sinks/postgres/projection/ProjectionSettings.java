package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.TableName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.filter.Condition;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.util.ArrayList;
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

    static final Setting<List<MappedColumn>> COLUMNS = Setting.optional(
            "columns",
            SettingType.list(SettingType.one("column", MappedColumn.FORM, MappedColumn::parse)),
            "The columns of the target: `name` (the same in the source), `name=source`, `name=source->'key'->0->>'key'` (a path into"
                    + " JSON), `name='constant'`, `name=$row` (all columns, as JSON), `name=$table`, `name=$position` or"
                    + " `name=$commit_time`. `name||=…` adds the keys of a JSON object to those that are there; `name?=…` leaves"
                    + " the present value if the new one is null. If not set: all columns, by name.");

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

    static final Setting<Condition> WHERE = Setting.optional(
            "where",
            Condition.SETTING,
            "The rows that the target has, as a condition in CEL: `new.event_type == 'UserRenamed'`. An UPDATE after which a row does not"
                    + " meet it deletes the row, as `on_delete` says. If the condition names `old` or `kind`, it is about changes: a change"
                    + " that does not meet it has no effect. `old` needs REPLICA IDENTITY FULL.");

    static final Setting<List<TablePattern>> MAPPED_TABLES = Setting.optional(
            "tables",
            SettingType.list(SettingType.one("table", "schema.table or schema.*", TablePattern::parse)),
            "Source tables that the element is for. If not set: all that reach the sink.");

    static final Setting<List<TablePattern>> MAPPED_EXCLUDE_TABLES = Setting.optional(
            "exclude_tables",
            SettingType.list(SettingType.one("table", "schema.table or schema.*", TablePattern::parse)),
            "Source tables that the element is not for.");

    /** Settings of one mapping. */
    private static final List<Setting<?>> MAPPING = List.of(
            WHERE,
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
            NEWER_OR_EQUAL);

    static final Setting<List<SettingValues>> MAPPINGS = Setting.optional(
            "mappings",
            SettingType.sections(element()),
            "Several mappings in one sink, written in one transaction of the target. Each element has settings of its own, which the"
                    + " sink then does not have.");

    static final List<Setting<?>> ALL = all();

    private ProjectionSettings() {}

    private static List<Setting<?>> element() {
        List<Setting<?>> settings = new ArrayList<>(List.of(MAPPED_TABLES, MAPPED_EXCLUDE_TABLES));
        settings.addAll(MAPPING);
        return settings;
    }

    private static List<Setting<?>> all() {
        List<Setting<?>> settings = new ArrayList<>(MAPPING);
        settings.addAll(List.of(MAPPINGS, TargetSettings.ORIGIN, TargetSettings.REPLICATION_ROLE));
        return TargetSettings.with(settings);
    }

    static void check(SettingValues values, BiConsumer<Setting<?>, String> problems) {
        List<SettingValues> elements = values.find(MAPPINGS);
        if (elements == null) {
            checkMapping(values, problems);
            return;
        }
        for (Setting<?> setting : MAPPING) {
            if (values.isGiven(setting)) {
                problems.accept(setting, "has no effect beside mappings; write it in their elements");
            }
        }
        for (int i = 0; i < elements.size(); i++) {
            String label = "has a problem in element " + (i + 1) + ": ";
            checkMapping(
                    elements.get(i),
                    (setting, problem) -> problems.accept(MAPPINGS, label + setting.key() + " " + problem));
        }
        if (elements.stream().filter(element -> !element.isGiven(TABLE)).count() > 1) {
            problems.accept(MAPPINGS, "has several elements without table; only one can give each table its own");
        }
    }

    /** Returns the source tables that the mappings are for. Empty: all. */
    static List<TablePattern> tables(SettingValues values) {
        List<SettingValues> elements = values.find(MAPPINGS);
        if (elements == null || elements.stream().anyMatch(element -> !element.isGiven(MAPPED_TABLES))) {
            return List.of();
        }
        return elements.stream()
                .flatMap(element -> element.get(MAPPED_TABLES).stream())
                .distinct()
                .toList();
    }

    private static void checkMapping(SettingValues values, BiConsumer<Setting<?>, String> problems) {
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
        List<MappedColumn> columns = values.find(COLUMNS);
        if (columns != null) {
            checkColumns(values, columns, problems);
        }
    }

    private static void checkColumns(
            SettingValues values, List<MappedColumn> columns, BiConsumer<Setting<?>, String> problems) {
        Set<String> targets = columns.stream().map(MappedColumn::target).collect(Collectors.toSet());
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
        for (MappedColumn column : columns) {
            String name = column.target();
            if (column.write() != MappedColumn.Write.REPLACE
                    && (name.equals(newer) || (key != null && key.contains(name)))) {
                problems.accept(COLUMNS, "merges " + name + ", which key or newer_by names; write " + name + "=…");
            }
        }
        for (Setting<String> own : List.of(VERSION_COLUMN, SYNCED_COLUMN, DELETED_COLUMN)) {
            String name = values.find(own);
            if (name != null && targets.contains(name)) {
                problems.accept(own, "is also listed in columns; remove it there");
            }
        }
    }
}
