package io.pgcdc.snapshot;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.TableName;
import io.pgcdc.source.SourceConfig;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What snapshots need.
 *
 * @param host the server that capture reads from now
 * @param catalog of capture's thread
 */
public record SnapshotParts(
        SourceConfig source,
        SnapshotSinks sinks,
        Supplier<ServerAddress> host,
        CatalogConnection catalog,
        SnapshotConfig config,
        long maxRowBytes,
        Lifecycle lifecycle) {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotParts.class);

    /** A server that does not answer now writes nothing, either. */
    long safeWalBytes() {
        try {
            return new SlotUpkeep(catalog).safeWalBytes(source.slot());
        } catch (SourceException e) {
            LOG.debug("the slot's WAL is not known", e);
            return Long.MAX_VALUE;
        }
    }

    /** Returns the tables that an order includes and that are there. The thread that starts the pipeline. */
    List<SnapshotTable> tables(SnapshotOrder order) {
        return tables(catalog).read(order);
    }

    SnapshotTables tables(CatalogConnection on) {
        return new SnapshotTables(on, source.slot(), source.publications());
    }

    /** Returns a new connection to the server that capture reads from. */
    CatalogConnection connect() {
        ServerAddress address = host.get();
        return new CatalogConnection(
                address.jdbcUrl(), address.properties(), address.describe(), (int) source.receiveTimeoutMs());
    }

    /** Returns the names of the tables whose changes reach one of the sinks. */
    List<String> routed(List<TableName> names, List<String> to) {
        return names.stream()
                .filter(name -> to.stream().anyMatch(sink -> sinks.takes().test(sink, name)))
                .map(TableName::toString)
                .toList();
    }

    /**
     * Returns the work of a snapshot while changes are streamed.
     *
     * @param wake makes capture's thread call {@link WindowJob#tend}
     */
    WindowJob windows(Ledger ledger, Runnable wake) {
        return new WindowJob(ledger, config, source.slot() + "/" + UUID.randomUUID(), lifecycle.clock()::nanos, wake);
    }

    SnapshotReader reader(
            SnapshotOrder order, RangeReads job, @Nullable ExportedSnapshot exported, Consumer<Throwable> failed) {
        return new SnapshotReader(
                job,
                new ServerChunkSource(
                        host, (int) source.receiveTimeoutMs(), exported, config.largestChunk(), maxRowBytes),
                new TableLookUp(this, order),
                lifecycle,
                source.reconnect(),
                failed);
    }
}
