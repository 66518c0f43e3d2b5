package io.pgcdc.snapshot;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.TableName;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.TableAliases;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server that the pipeline captures from. */
final class SourceServer implements SnapshotServer {

    private static final Logger LOG = LoggerFactory.getLogger(SourceServer.class);

    private final SourceConfig source;
    private final SnapshotSinks sinks;
    private final Supplier<ServerAddress> host;
    private final CatalogConnection catalog;
    private final int largestChunk;
    private final long maxRowBytes;

    /**
     * Asks nothing yet.
     *
     * @param host the server that capture reads from now
     * @param catalog of capture's thread
     * @param largestChunk bytes of rows at which a range is divided
     */
    SourceServer(
            SourceConfig source,
            SnapshotSinks sinks,
            Supplier<ServerAddress> host,
            CatalogConnection catalog,
            int largestChunk,
            long maxRowBytes) {
        this.source = source;
        this.sinks = sinks;
        this.host = host;
        this.catalog = catalog;
        this.largestChunk = largestChunk;
        this.maxRowBytes = maxRowBytes;
    }

    @Override
    public SnapshotOrder order(String id, SnapshotRequest request) {
        return new OrderCheck(this, sinks).order(id, request);
    }

    @Override
    public List<SnapshotTable> tables(SnapshotOrder order) {
        return tables(catalog).read(order);
    }

    SnapshotTables tables(CatalogConnection on) {
        return new SnapshotTables(on, source);
    }

    /** Returns a new connection to the server that capture reads from. */
    CatalogConnection connect() {
        ServerAddress address = host.get();
        return new CatalogConnection(address.jdbcUrl(), address::properties, address.describe(), answerMs());
    }

    private int answerMs() {
        return (int) source.receiveTimeoutMs();
    }

    /** Returns the names of the tables whose changes reach one of the sinks. */
    List<String> routed(List<TableName> names, List<String> to) {
        return names.stream()
                .filter(name -> to.stream()
                        .anyMatch(sink ->
                                sinks.takes().test(sink, source.aliases().nameOf(name))))
                .map(TableName::toString)
                .toList();
    }

    TableAliases aliases() {
        return source.aliases();
    }

    @Override
    public Kept keep(String slotSnapshot) {
        return new KeptState(ExportedSnapshot.keep(host.get(), slotSnapshot, answerMs()));
    }

    @Override
    public ChunkSource chunks() {
        return chunks(null);
    }

    private ChunkSource chunks(@Nullable ExportedSnapshot exported) {
        return new ServerChunkSource(host, answerMs(), exported, largestChunk, maxRowBytes);
    }

    @Override
    public LookUp lookUp(SnapshotOrder order) {
        return new TableLookUp(this, order);
    }

    /** A server that does not answer now writes nothing, either. */
    @Override
    public long safeWalBytes() {
        try {
            return new SlotUpkeep(catalog).safeWalBytes(source.slot());
        } catch (SourceException e) {
            LOG.debug("the slot's WAL is not known", e);
            return Long.MAX_VALUE;
        }
    }

    private final class KeptState implements Kept {

        private final ExportedSnapshot exported;

        KeptState(ExportedSnapshot exported) {
            this.exported = exported;
        }

        @Override
        public long takenMicros() {
            return exported.takenMicros();
        }

        @Override
        public boolean isRewritten(SnapshotTable table) {
            return exported.isRewritten(table);
        }

        @Override
        public ChunkSource chunks() {
            return SourceServer.this.chunks(exported);
        }

        @Override
        public void close() {
            exported.close();
        }
    }
}
