package io.pgcdc.snapshot;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.source.SourceConfig;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What snapshots need of a pipeline. */
public final class SnapshotParts {

    private final SnapshotServer server;
    private final List<String> sinks;
    private final SnapshotConfig config;
    private final String slot;
    private final boolean reconnect;
    private final Lifecycle lifecycle;

    /**
     * Takes them.
     *
     * @param sinks names of the pipeline's sinks
     * @param slot name of the slot
     * @param reconnect true if a lost connection is opened again
     */
    SnapshotParts(
            SnapshotServer server,
            List<String> sinks,
            SnapshotConfig config,
            String slot,
            boolean reconnect,
            Lifecycle lifecycle) {
        this.server = server;
        this.sinks = List.copyOf(sinks);
        this.config = config;
        this.slot = slot;
        this.reconnect = reconnect;
        this.lifecycle = lifecycle;
    }

    /**
     * Returns them for the server that a pipeline captures from.
     *
     * @param host the server that capture reads from now
     * @param catalog of capture's thread
     */
    public static SnapshotParts of(
            SourceConfig source,
            SnapshotSinks sinks,
            Supplier<ServerAddress> host,
            CatalogConnection catalog,
            SnapshotConfig config,
            long maxRowBytes,
            Lifecycle lifecycle) {
        return new SnapshotParts(
                new SourceServer(source, sinks, host, catalog, config.largestChunk(), maxRowBytes),
                sinks.names(),
                config,
                source.slot(),
                source.reconnect(),
                lifecycle);
    }

    SnapshotServer server() {
        return server;
    }

    List<String> sinks() {
        return sinks;
    }

    SnapshotConfig config() {
        return config;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    /**
     * Returns the work of a snapshot while changes are streamed.
     *
     * @param wake makes capture's thread call {@link WindowJob#tend}
     */
    WindowJob windows(Ledger ledger, Runnable wake) {
        return new WindowJob(ledger, config, slot + "/" + UUID.randomUUID(), lifecycle.clock()::nanos, wake);
    }

    SnapshotReader reader(SnapshotOrder order, RangeReads job, ChunkSource chunks, Consumer<Throwable> failed) {
        return new SnapshotReader(job, chunks, server.lookUp(order), lifecycle, reconnect, failed);
    }
}
