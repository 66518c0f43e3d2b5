package io.pgcdc.pipeline;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.TableAccess;
import io.pgcdc.catalog.TableAccess.NamedColumn;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.Remedy;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TableName;
import io.pgcdc.source.TableAliases;
import io.pgcdc.view.MaskedColumn;
import io.pgcdc.view.PersonalData;
import io.pgcdc.view.RouteConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds columns that look like personal data and reach a sink as they are. No finding shows a value. Changes nothing. One thread. */
final class PersonalDataCheck {

    /** Tables that are looked at: the check should take seconds. */
    private static final int MOST_TABLES = 100;

    private static final int SHOWN = 5;

    private final CatalogConnection catalog;
    private final TableAliases aliases;

    PersonalDataCheck(CatalogConnection catalog, TableAliases aliases) {
        this.catalog = catalog;
        this.aliases = aliases;
    }

    /**
     * Returns a warning for each sink that gets such columns.
     *
     * @param published tables at the source
     * @param routes by sink
     */
    List<Finding> inspect(List<TableName> published, Map<String, RouteConfig> routes) {
        Map<ColumnName, String> suspects = new LinkedHashMap<>();
        published.stream().limit(MOST_TABLES).forEach(table -> suspects.putAll(suspects(table)));
        List<Finding> findings = new ArrayList<>();
        routes.forEach((sink, route) -> {
            Map<ColumnName, String> reaching = new LinkedHashMap<>();
            suspects.forEach((column, kind) -> {
                if (reaches(column, route)) {
                    reaching.put(column, kind);
                }
            });
            if (!reaching.isEmpty()) {
                findings.add(finding(sink, route, reaching));
            }
        });
        return findings;
    }

    private Map<ColumnName, String> suspects(TableName table) {
        List<NamedColumn> columns =
                catalog.ask("reading the columns of " + table, connection -> TableAccess.columns(connection, table));
        List<String> texts = columns.stream()
                .filter(column -> column.text() && PersonalData.ofName(column.name()) == null)
                .map(NamedColumn::name)
                .toList();
        List<List<String>> values = texts.isEmpty()
                ? List.of()
                : catalog.ask(
                        "looking at values of " + table, connection -> TableAccess.sample(connection, table, texts));
        TableName carried = aliases.nameOf(table);
        Map<ColumnName, String> found = new LinkedHashMap<>();
        for (NamedColumn column : columns) {
            int sampled = texts.indexOf(column.name());
            @Nullable
            String kind = sampled < 0 ? PersonalData.ofName(column.name()) : PersonalData.ofValues(values.get(sampled));
            if (kind != null) {
                found.put(new ColumnName(carried, column.name()), kind);
            }
        }
        return found;
    }

    private static boolean reaches(ColumnName column, RouteConfig route) {
        return route.takes(column.table().schema(), column.table().name())
                && !route.excludeColumns().contains(column)
                && route.masks().stream().map(MaskedColumn::column).noneMatch(column::equals);
    }

    private Finding finding(String sink, RouteConfig route, Map<ColumnName, String> reaching) {
        String shown = reaching.entrySet().stream()
                .limit(SHOWN)
                .map(column -> column.getKey() + " (" + column.getValue() + ")")
                .collect(Collectors.joining(", "));
        List<ColumnName> excluded = new ArrayList<>(route.excludeColumns());
        excluded.addAll(reaching.keySet());
        return Finding.warning(
                ErrorCode.PERSONAL_DATA,
                "columns that look like personal data reach sink " + sink + " as they are: " + shown
                        + (reaching.size() > SHOWN ? " and " + (reaching.size() - SHOWN) + " more" : ""),
                catalog.where(),
                Remedy.config(
                        "Leave out what the sink does not need, or mask it (mask: [...=hash]).",
                        "sinks." + sink + ".exclude_columns: "
                                + excluded.stream()
                                        .map(column -> "'" + column.toString().replace("'", "''") + "'")
                                        .collect(Collectors.joining(", ", "[", "]"))));
    }
}
