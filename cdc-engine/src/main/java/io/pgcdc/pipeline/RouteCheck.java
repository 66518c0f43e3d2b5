package io.pgcdc.pipeline;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.RelationCatalog;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.queue.Layouts;
import io.pgcdc.view.RouteConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the start whether what the sinks' routing names is there: a misspelt column would leak, a misspelt table be missed. */
final class RouteCheck {

    private final CatalogConnection catalog;
    private final PipelineConfig config;

    RouteCheck(CatalogConnection catalog, PipelineConfig config) {
        this.catalog = catalog;
        this.config = config;
    }

    /**
     * Asks the server.
     *
     * @param stored what the queue has met: a table or column that is gone meanwhile is there too
     * @throws SourceException for the first name that neither knows
     */
    void require(@Nullable Layouts stored) {
        for (SinkConfig sink : config.sinks()) {
            RouteConfig route = sink.route();
            List<TablePattern> patterns = new ArrayList<>(route.tables());
            patterns.addAll(route.excludeTables());
            for (TablePattern pattern : patterns) {
                String table = pattern.name();
                if (table != null) {
                    columns(sink, new TableName(pattern.schema(), table), stored);
                }
            }
            List<ColumnName> named = new ArrayList<>(route.excludeColumns());
            route.masks().forEach(m -> named.add(m.column()));
            named.forEach(column -> requireColumn(sink, column, stored));
            if (route.isPartOf(config.source().publications())) {
                requireOneRoot(sink);
            }
        }
    }

    private void requireColumn(SinkConfig sink, ColumnName column, @Nullable Layouts stored) {
        Set<String> columns = columns(sink, column.table(), stored);
        if (!columns.contains(column.column()) && (stored == null || !stored.knew(column))) {
            throw new SourceException(
                    ErrorCode.COLUMN_MISSING,
                    "sink " + sink.name() + " leaves out or masks " + column + ", and the table has no such column at "
                            + catalog.where() + ". Correct the name, or add the column first.");
        }
    }

    private Set<String> columns(SinkConfig sink, TableName table, @Nullable Layouts stored) {
        Set<String> columns =
                catalog.ask("looking for table " + table, connection -> RelationCatalog.columns(connection, table));
        if (columns.isEmpty() && (stored == null || !stored.knew(table))) {
            throw new SourceException(
                    ErrorCode.TABLE_MISSING,
                    "sink " + sink.name() + " names table " + table + ", and there is none at " + catalog.where()
                            + ". Correct the name, or create the table first.");
        }
        return columns;
    }

    /** Of a table's publications with different settings of it, the server hides those without. */
    private void requireOneRoot(SinkConfig sink) {
        List<String> publications = config.source().publications();
        boolean differ = catalog.ask(
                "comparing the publications", connection -> RelationCatalog.rootsDiffer(connection, publications));
        if (differ) {
            throw new SourceException(
                    ErrorCode.ROUTE_CONFLICT,
                    "sink " + sink.name() + " takes a part of the slot's publications, "
                            + String.join(", ", publications)
                            + ", which differ in publish_via_partition_root: the server sends a partition's rows under one name for all."
                            + " Set it alike on all of them, or give the sink all.");
        }
    }
}
