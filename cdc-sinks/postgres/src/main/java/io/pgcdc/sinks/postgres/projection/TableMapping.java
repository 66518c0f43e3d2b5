package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.filter.Condition;
import io.pgcdc.sinks.postgres.projection.ProjectionSettings.OnDelete;
import io.pgcdc.sinks.postgres.projection.TableStatements.ExtraColumns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How rows of some source tables become rows of the target: one element of {@code mappings}, or the settings of a sink without these. For
 * one thread.
 */
final class TableMapping {

    private final int number;
    private final List<TablePattern> tables;
    private final List<TablePattern> excluded;
    private final PlanBuilder builder;
    private final Refusals refusals;
    private final OnDelete onDelete;
    private final boolean truncates;
    private final ExtraColumns extra;
    private final @Nullable TableName table;
    private final @Nullable Condition where;
    private final boolean sameColumns;
    private final PerLayout<Destination> destinations = new PerLayout<>();

    /**
     * @param number counted from 0
     * @param settings those of the sink, and of the element
     */
    private TableMapping(String sink, int number, SettingValues settings) {
        this.number = number;
        tables = list(settings, ProjectionSettings.MAPPED_TABLES);
        excluded = list(settings, ProjectionSettings.MAPPED_EXCLUDE_TABLES);
        builder = new PlanBuilder(sink, number, settings);
        refusals = new Refusals(sink, builder.creates());
        onDelete = settings.get(ProjectionSettings.ON_DELETE);
        truncates = settings.get(ProjectionSettings.ON_TRUNCATE) == ProjectionSettings.OnTruncate.APPLY;
        extra = new ExtraColumns(
                settings.find(ProjectionSettings.VERSION_COLUMN),
                settings.find(ProjectionSettings.SYNCED_COLUMN),
                settings.find(ProjectionSettings.NEWER_BY),
                settings.get(ProjectionSettings.NEWER_OR_EQUAL));
        table = settings.find(ProjectionSettings.TABLE);
        where = settings.find(ProjectionSettings.WHERE);
        sameColumns = !settings.isGiven(ProjectionSettings.COLUMNS);
    }

    /** Returns the mappings of a sink, in the order in which they are written. */
    static List<TableMapping> of(String sink, SettingValues settings) {
        List<SettingValues> elements = settings.find(ProjectionSettings.MAPPINGS);
        if (elements == null) {
            return List.of(new TableMapping(sink, 0, settings));
        }
        List<TableMapping> mappings = new ArrayList<>();
        for (SettingValues element : elements) {
            mappings.add(new TableMapping(sink, mappings.size(), settings.and(element)));
        }
        return mappings;
    }

    private static <T> List<T> list(SettingValues values, Setting<List<T>> setting) {
        List<T> given = values.find(setting);
        return given == null ? List.of() : given;
    }

    /** Returns true if it is about rows of the source table. */
    boolean takes(Relation relation) {
        return (tables.isEmpty() || tables.stream().anyMatch(t -> t.matches(relation.schema(), relation.name())))
                && excluded.stream().noneMatch(t -> t.matches(relation.schema(), relation.name()));
    }

    /** Returns the target table, or null if each source table has its own. */
    @Nullable
    TableName table() {
        return table;
    }

    /** Returns its number, counted from 0. */
    int number() {
        return number;
    }

    PlanBuilder builder() {
        return builder;
    }

    Refusals refusals() {
        return refusals;
    }

    OnDelete onDelete() {
        return onDelete;
    }

    /** Returns true if a TRUNCATE has an effect. */
    boolean truncates() {
        return truncates;
    }

    ExtraColumns extra() {
        return extra;
    }

    @Nullable
    Condition where() {
        return where;
    }

    /** Returns true if columns of the target have the source's names. */
    boolean hasSameColumns() {
        return sameColumns;
    }

    /** Returns the names of the source columns that the target uses, or null if it uses all. */
    @Nullable
    Set<String> usedColumns() {
        Set<String> used = builder.usedColumns();
        Condition condition = where;
        if (used == null || condition == null) {
            return used;
        }
        Set<String> all = new HashSet<>(used);
        all.addAll(condition.columns());
        return all;
    }

    /** Returns the destinations of the layouts in force. */
    PerLayout<Destination> destinations() {
        return destinations;
    }
}
