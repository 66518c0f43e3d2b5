package io.pgcdc.pipeline;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.RelationCatalog;
import io.pgcdc.model.TableName;
import java.util.List;
import java.util.Set;

/**
 * Answers from a server's catalog. One thread.
 *
 * @param catalog connection to the server under check
 */
record CatalogTables(CatalogConnection catalog) implements NamedTables {

    @Override
    public Set<String> columns(TableName table) {
        return catalog.ask("looking for table " + table, connection -> RelationCatalog.columns(connection, table));
    }

    @Override
    public List<TableName> tables() {
        return catalog.ask("listing the tables", RelationCatalog::tables);
    }

    @Override
    public boolean rootsDiffer(List<String> publications) {
        return catalog.ask(
                "comparing the publications", connection -> RelationCatalog.rootsDiffer(connection, publications));
    }

    @Override
    public String where() {
        return catalog.where();
    }
}
