package io.pgcdc.pipeline;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.queue.Layouts;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.TableAliases;
import io.pgcdc.view.RouteConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks at the start that the tables and columns in the sinks' routes exist. A misspelt column would reach the sink, and the changes of a
 * misspelt table would not.
 */
public final class RouteCheck {

    private final NamedTables catalog;
    private final SourceConfig source;
    private final Map<String, RouteConfig> routes;
    private final TableAliases aliases;

    RouteCheck(NamedTables catalog, SourceConfig source, Map<String, RouteConfig> routes) {
        this.catalog = catalog;
        this.source = source;
        this.routes = routes;
        this.aliases = source.aliases();
    }

    /**
     * Asks the server whether it has what a sink's route names.
     *
     * @param sink its name, for messages
     * @return a finding for each name that the server does not know
     * @throws SourceException it did not answer
     */
    public static List<Finding> inspect(
            CatalogConnection catalog, SourceConfig source, String sink, RouteConfig route) {
        return new RouteCheck(new CatalogTables(catalog), source, Map.of(sink, route)).inspect(null);
    }

    /**
     * Asks the server.
     *
     * @param stored layouts in the queue: a table or column there counts, even if it was dropped since; null: the queue is new
     * @return a finding for each name that neither knows, and for each sink whose share of the publications cannot be determined
     */
    List<Finding> inspect(@Nullable Layouts stored) {
        List<Finding> findings = new ArrayList<>();
        routes.forEach((sink, route) -> inspect(sink, route, stored, findings));
        return findings;
    }

    private void inspect(String sink, RouteConfig route, @Nullable Layouts stored, List<Finding> findings) {
        List<TablePattern> patterns = new ArrayList<>(route.tables());
        patterns.addAll(route.excludeTables());
        for (TablePattern pattern : patterns) {
            String table = pattern.name();
            if (table != null) {
                columns(sink, new TableName(pattern.schema(), table), stored, findings);
            }
        }
        List<ColumnName> named = new ArrayList<>(route.excludeColumns());
        route.masks().forEach(m -> named.add(m.column()));
        named.forEach(column -> column(sink, column, stored, findings));
        if (route.isPartOf(source.publications())) {
            oneRoot(sink, findings);
        }
    }

    private void column(String sink, ColumnName column, @Nullable Layouts stored, List<Finding> findings) {
        int before = findings.size();
        Set<String> columns = columns(sink, column.table(), stored, findings);
        if (findings.size() == before
                && !columns.contains(column.column())
                && (stored == null || !stored.knew(column))) {
            findings.add(Finding.fatal(
                    ErrorCode.COLUMN_MISSING,
                    "sink " + sink + " leaves out or masks " + column + ", but the table has no such column",
                    catalog.where(),
                    "Correct the name, or add the column first."));
        }
    }

    private Set<String> columns(String sink, TableName table, @Nullable Layouts stored, List<Finding> findings) {
        boolean known = stored != null && stored.knew(table);
        TableName carried = aliases.nameOf(table);
        if (!carried.equals(table)) {
            if (!known) {
                findings.add(Finding.fatal(
                        ErrorCode.TABLE_MISSING,
                        "sink " + sink + " names table " + table + ", but its changes carry the name " + carried
                                + ", which source.table_aliases gives them",
                        catalog.where(),
                        "Write " + carried + "."));
            }
            return Set.of();
        }
        Set<String> columns = aliases.isShared(table) ? shared(table) : catalog.columns(table);
        if (columns.isEmpty() && !known) {
            findings.add(Finding.fatal(
                    ErrorCode.TABLE_MISSING,
                    "sink " + sink + " names table " + table + ", but this table does not exist",
                    catalog.where(),
                    "Correct the name, or create the table first."));
        }
        return columns;
    }

    /** Returns the columns of all tables that carry the name. */
    private Set<String> shared(TableName carried) {
        return catalog.tables().stream()
                .filter(table -> aliases.nameOf(table).equals(carried))
                .flatMap(table -> catalog.columns(table).stream())
                .collect(Collectors.toSet());
    }

    /**
     * Checks publish_via_partition_root. If a table's publications differ in it, the server sends rows under the root's name only, and hides the
     * publications without it.
     */
    private void oneRoot(String sink, List<Finding> findings) {
        List<String> publications = source.publications();
        if (catalog.rootsDiffer(publications)) {
            findings.add(
                    Finding.fatal(
                            ErrorCode.ROUTE_CONFLICT,
                            "sink " + sink + " takes a part of the slot's publications, "
                                    + String.join(", ", publications)
                                    + ", which differ in publish_via_partition_root: the server sends a partition's rows under one name for all",
                            catalog.where(),
                            "Set publish_via_partition_root to the same value on all of them, or list all of them in the sink's publications."));
        }
    }
}
