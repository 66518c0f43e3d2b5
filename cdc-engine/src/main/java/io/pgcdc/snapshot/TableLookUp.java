package io.pgcdc.snapshot;

import io.pgcdc.catalog.CatalogConnection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the tables of a snapshot in the catalog, each time on a connection of its own. It may wait for locks. One thread, except {@link #abort}. */
final class TableLookUp implements Supplier<List<SnapshotTable>> {

    private final SnapshotParts parts;
    private final SnapshotOrder order;
    private volatile @Nullable CatalogConnection connection;

    TableLookUp(SnapshotParts parts, SnapshotOrder order) {
        this.parts = parts;
        this.order = order;
    }

    /** @throws io.pgcdc.error.SourceException the server does not answer */
    @Override
    public List<SnapshotTable> get() {
        try (CatalogConnection catalog = parts.connect()) {
            connection = catalog;
            return parts.tables(catalog).read(order);
        } finally {
            connection = null;
        }
    }

    /** Ends a question that is running, which then fails. Any thread. */
    void abort() {
        CatalogConnection running = connection;
        if (running != null) {
            running.abort();
        }
    }
}
