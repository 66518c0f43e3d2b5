package io.pgcdc.pipeline;

import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
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

    private final NamedTables catalog;
    private final PipelineConfig config;

    RouteCheck(NamedTables catalog, PipelineConfig config) {
        this.catalog = catalog;
        this.config = config;
    }

    /**
     * Asks the server.
     *
     * @param stored what the queue has met: a table or column that is gone meanwhile is there too
     * @return a finding for each name that neither knows, and for each sink whose part of the publications cannot be told
     */
    List<Finding> inspect(@Nullable Layouts stored) {
        List<Finding> findings = new ArrayList<>();
        for (SinkConfig sink : config.sinks()) {
            RouteConfig route = sink.route();
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
            if (route.isPartOf(config.source().publications())) {
                oneRoot(sink, findings);
            }
        }
        return findings;
    }

    private void column(SinkConfig sink, ColumnName column, @Nullable Layouts stored, List<Finding> findings) {
        int before = findings.size();
        Set<String> columns = columns(sink, column.table(), stored, findings);
        if (findings.size() == before
                && !columns.contains(column.column())
                && (stored == null || !stored.knew(column))) {
            findings.add(Finding.fatal(
                    ErrorCode.COLUMN_MISSING,
                    "sink " + sink.name() + " leaves out or masks " + column + ", and the table has no such column",
                    catalog.where(),
                    "Correct the name, or add the column first."));
        }
    }

    private Set<String> columns(SinkConfig sink, TableName table, @Nullable Layouts stored, List<Finding> findings) {
        Set<String> columns = catalog.columns(table);
        if (columns.isEmpty() && (stored == null || !stored.knew(table))) {
            findings.add(Finding.fatal(
                    ErrorCode.TABLE_MISSING,
                    "sink " + sink.name() + " names table " + table + ", and there is none",
                    catalog.where(),
                    "Correct the name, or create the table first."));
        }
        return columns;
    }

    /** Of a table's publications with different settings of it, the server hides those without. */
    private void oneRoot(SinkConfig sink, List<Finding> findings) {
        List<String> publications = config.source().publications();
        if (catalog.rootsDiffer(publications)) {
            findings.add(Finding.fatal(
                    ErrorCode.ROUTE_CONFLICT,
                    "sink " + sink.name() + " takes a part of the slot's publications, "
                            + String.join(", ", publications)
                            + ", which differ in publish_via_partition_root: the server sends a partition's rows under one name for all",
                    catalog.where(),
                    "Set it alike on all of them, or give the sink all."));
        }
    }
}
