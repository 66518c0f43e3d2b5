package io.pgcdc.view;

import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of the stream reaches a sink.
 *
 * @param publications those of the slot's whose changes it gets; empty: all
 * @param tables which of these tables; empty: all
 * @param excludeTables but not these
 * @param excludeColumns columns that it does not get to see
 * @param maskSalt key of the hashes, a secret; there when a mask is one
 */
public record RouteConfig(
        List<String> publications,
        List<TablePattern> tables,
        List<TablePattern> excludeTables,
        OriginFilter origins,
        List<ColumnName> excludeColumns,
        List<MaskedColumn> masks,
        @Nullable String maskSalt) {

    /** Everything as it is. */
    public static final RouteConfig EVERYTHING =
            new RouteConfig(List.of(), List.of(), List.of(), OriginFilter.ANY, List.of(), List.of(), null);

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
                values.find(RouteSettings.MASK_SALT));
    }

    private static <T> List<T> list(SettingValues values, Setting<List<T>> setting) {
        List<T> given = values.find(setting);
        return given == null ? List.of() : given;
    }

    /** Whether the table is one of those that reach the sink, as far as tables and excludeTables say. */
    public boolean takes(String schema, String table) {
        return (tables.isEmpty() || tables.stream().anyMatch(t -> t.matches(schema, table)))
                && excludeTables.stream().noneMatch(t -> t.matches(schema, table));
    }

    /** Whether a table's place in these publications decides: not when the sink gets all of the slot's. */
    public boolean isPartOf(List<String> slotPublications) {
        return !publications.isEmpty() && !publications.containsAll(slotPublications);
    }

    /** Without the salt. */
    @Override
    public String toString() {
        return "RouteConfig[publications=" + publications + ", tables=" + tables + ", excludeTables="
                + excludeTables + ", origins=" + origins
                + ", excludeColumns=" + excludeColumns + ", masks=" + masks + "]";
    }
}
