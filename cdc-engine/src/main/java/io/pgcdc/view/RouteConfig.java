package io.pgcdc.view;

import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of the stream that reaches a sink.
 *
 * @param publications publications of the slot whose changes reach it; empty for all
 * @param tables tables of these that reach it; empty for all
 * @param excludeTables tables that do not reach it
 * @param excludeColumns columns that it does not see
 * @param maskSalt key of the hashes, a secret; not null if a mask is a hash
 * @param orders prefix of logical messages that reach it in any case; null: there are none
 */
public record RouteConfig(
        List<String> publications,
        List<TablePattern> tables,
        List<TablePattern> excludeTables,
        OriginFilter origins,
        List<ColumnName> excludeColumns,
        List<MaskedColumn> masks,
        @Nullable String maskSalt,
        @Nullable String orders) {

    /** Everything, unchanged. */
    public static final RouteConfig EVERYTHING =
            new RouteConfig(List.of(), List.of(), List.of(), OriginFilter.ANY, List.of(), List.of(), null, null);

    public RouteConfig {
        publications = List.copyOf(publications);
        tables = List.copyOf(tables);
        excludeTables = List.copyOf(excludeTables);
        excludeColumns = List.copyOf(excludeColumns);
        masks = List.copyOf(masks);
    }

    public static RouteConfig of(SettingValues values) {
        return new RouteConfig(
                list(values, RouteSettings.PUBLICATIONS),
                list(values, RouteSettings.TABLES),
                list(values, RouteSettings.EXCLUDE_TABLES),
                values.get(RouteSettings.ORIGINS),
                list(values, RouteSettings.EXCLUDE_COLUMNS),
                list(values, RouteSettings.MASK),
                values.find(RouteSettings.MASK_SALT),
                null);
    }

    /** Returns a copy with other tables. */
    public RouteConfig withTables(List<TablePattern> others) {
        return new RouteConfig(publications, others, excludeTables, origins, excludeColumns, masks, maskSalt, orders);
    }

    /** Returns a copy that logical messages with a prefix reach in any case. */
    public RouteConfig withOrders(String prefix) {
        return new RouteConfig(publications, tables, excludeTables, origins, excludeColumns, masks, maskSalt, prefix);
    }

    private static <T> List<T> list(SettingValues values, Setting<List<T>> setting) {
        List<T> given = values.find(setting);
        return given == null ? List.of() : given;
    }

    /** Returns whether tables and excludeTables let the table's changes reach the sink. */
    public boolean takes(String schema, String table) {
        return (tables.isEmpty() || tables.stream().anyMatch(t -> t.matches(schema, table)))
                && excludeTables.stream().noneMatch(t -> t.matches(schema, table));
    }

    /** Returns whether a table's memberships in these publications decide. They do not if the sink gets all of the slot's. */
    public boolean isPartOf(List<String> slotPublications) {
        return !publications.isEmpty() && !publications.containsAll(slotPublications);
    }

    /** Returns the text without the salt. */
    @Override
    public String toString() {
        return "RouteConfig[publications=" + publications + ", tables=" + tables + ", excludeTables="
                + excludeTables + ", origins=" + origins
                + ", excludeColumns=" + excludeColumns + ", masks=" + masks + "]";
    }
}
