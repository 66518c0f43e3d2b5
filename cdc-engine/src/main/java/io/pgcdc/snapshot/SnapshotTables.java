package io.pgcdc.snapshot;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.KeyColumns;
import io.pgcdc.catalog.KeyColumns.KeyColumn;
import io.pgcdc.catalog.PublishedTables;
import io.pgcdc.catalog.PublishedTables.PublishedTable;
import io.pgcdc.catalog.PublishedTables.SentColumn;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.catalog.RelationCatalog;
import io.pgcdc.model.Membership;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import io.pgcdc.source.RelationAssembly;
import io.pgcdc.source.SourceConfig;
import java.util.ArrayList;
import java.util.List;

/** Finds the tables that a snapshot reads, in the catalog. */
final class SnapshotTables {

    private final CatalogConnection catalog;
    private final List<String> publications;
    private final RelationAssembly layouts;

    SnapshotTables(CatalogConnection catalog, SourceConfig source) {
        this.catalog = catalog;
        this.publications = source.publications();
        this.layouts = new RelationAssembly(catalog, source.slot(), publications, source.aliases());
    }

    /** Returns the names, at the source, of all tables of the publications. */
    List<TableName> names() {
        return published().stream().map(PublishedTable::name).toList();
    }

    private List<PublishedTable> published() {
        return catalog.askWithoutLimit(
                "listing the published tables", connection -> PublishedTables.tables(connection, publications));
    }

    /** Returns the tables of the publications that an order includes. */
    List<SnapshotTable> read(SnapshotOrder order) {
        List<SnapshotTable> tables = new ArrayList<>();
        for (PublishedTable table : published()) {
            if (!order.includes(table.name().toString())) {
                continue;
            }
            List<SentColumn> columns = catalog.ask("reading the columns of " + table.name(), connection -> {
                List<Membership> memberships = RelationCatalog.read(connection, table.oid(), publications)
                        .memberships();
                return PublishedTables.columns(connection, table.oid(), memberships);
            });
            List<TableFile> files = catalog.ask(
                    "reading the size of " + table.name(),
                    connection -> PublishedTables.files(connection, table.oid()));
            // a table that was dropped in between has neither
            if (!files.isEmpty()) {
                Relation layout = layouts.assemble(LayoutReader.message(table, columns));
                List<KeyColumn> key = catalog.ask(
                        "reading the key of " + table.name(),
                        connection -> KeyColumns.read(connection, table.oid(), SnapshotTable.keyNames(layout)));
                tables.add(new SnapshotTable(layout, files, key, order.where()));
            }
        }
        return tables;
    }
}
