package io.pgcdc.snapshot;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.ChunkFeed;
import io.pgcdc.capture.WindowFeed;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.source.SourceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot that a pipeline begins with. If pgcdc creates the slot, the rows are read as they were at the slot's consistent point, before the
 * stream. What cannot be read so, or is left after an interruption, is read while changes are streamed. The starting thread makes it; then its
 * readers work on their own threads.
 */
public final class InitialSnapshot implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InitialSnapshot.class);

    private final @Nullable ExportedSnapshot exported;

    /** What is read before the stream; null: nothing. */
    private final @Nullable SnapshotJob before;

    private final WindowJob during;
    private final List<SnapshotReader> readers = new ArrayList<>();

    private InitialSnapshot(@Nullable ExportedSnapshot exported, @Nullable SnapshotJob before, WindowJob during) {
        this.exported = exported;
        this.before = before;
        this.during = during;
    }

    /**
     * What a snapshot needs.
     *
     * @param host the server that capture reads from now
     * @param catalog of capture's thread
     */
    public record Parts(
            SourceConfig source,
            Supplier<ServerAddress> host,
            CatalogConnection catalog,
            Ledger ledger,
            SnapshotConfig config,
            long maxRowBytes,
            Lifecycle lifecycle) {

        /** A server that does not answer now writes nothing, either. */
        private long safeWalBytes() {
            try {
                return new SlotUpkeep(catalog).safeWalBytes(source.slot());
            } catch (SourceException e) {
                LOG.debug("the slot's WAL is not known", e);
                return Long.MAX_VALUE;
            }
        }

        private SnapshotTables tables() {
            return new SnapshotTables(catalog, source.slot(), source.publications());
        }

        private WindowJob windows() {
            return new WindowJob(
                    ledger,
                    () -> tables().read(),
                    config,
                    source.slot() + "/" + UUID.randomUUID(),
                    lifecycle.clock()::nanos);
        }

        private SnapshotReader reader(RangeReads job, @Nullable ExportedSnapshot exported) {
            return new SnapshotReader(
                    job,
                    new ServerChunkSource(
                            host, (int) source.receiveTimeoutMs(), exported, config.largestChunk(), maxRowBytes),
                    lifecycle,
                    source.reconnect());
        }
    }

    /**
     * Plans the snapshot of a new slot. The ledger then knows what is to be read.
     *
     * @param slotSnapshot the snapshot that CREATE_REPLICATION_SLOT exported; its connection has had no other command
     * @param lsn the slot's consistent point
     * @throws io.pgcdc.error.SourceException the server is not reachable, or refuses
     */
    public static InitialSnapshot take(Parts parts, String slotSnapshot, long lsn) {
        ExportedSnapshot exported = ExportedSnapshot.keep(
                parts.host().get(), slotSnapshot, (int) parts.source().receiveTimeoutMs());
        try {
            List<SnapshotTable> tables = parts.tables().read();
            parts.ledger().plan(lsn, tables);
            WindowJob during = parts.windows();
            SnapshotJob before = new SnapshotJob(
                    parts.ledger(),
                    tables,
                    parts.config(),
                    exported.takenMicros(),
                    parts.lifecycle().clock()::nanos,
                    parts::safeWalBytes,
                    during::begin);
            tables.stream().filter(exported::isRewritten).forEach(before::leave);
            InitialSnapshot snapshot = new InitialSnapshot(exported, before, during);
            for (int i = 0; i < parts.config().parallel(); i++) {
                snapshot.readers.add(parts.reader(before, exported));
                snapshot.readers.add(parts.reader(during, null));
            }
            LOG.info("reading the rows of {} tables as of {}", tables.size(), Lsn.toString(lsn));
            return snapshot;
        } catch (RuntimeException | Error e) {
            exported.close();
            throw e;
        }
    }

    /**
     * Plans what is left, to be read while changes are streamed. Completes the ledger first.
     *
     * @param store the queue
     * @param layouts of the queue
     * @param fromIndex capture's checkpoint
     */
    public static InitialSnapshot resume(Parts parts, SegmentStore store, Layouts layouts, long fromIndex) {
        LedgerRecovery.recover(store, fromIndex, layouts, parts.ledger());
        WindowJob during = parts.windows();
        during.begin();
        InitialSnapshot snapshot = new InitialSnapshot(null, null, during);
        for (int i = 0; i < parts.config().parallel(); i++) {
            snapshot.readers.add(parts.reader(during, null));
        }
        LOG.info("reading the rows that are left while changes are streamed");
        return snapshot;
    }

    /** Returns the chunks that come before the stream; null: there are none. */
    public @Nullable ChunkFeed before() {
        return before;
    }

    /** Returns the windows in the stream. */
    public WindowFeed windows() {
        return during;
    }

    /** Returns the readers, each for a thread of its own. */
    public List<Worker> readers() {
        return List.copyOf(readers);
    }

    /** Writes down which chunks are durable in the queue, up to an index. Capture thread. */
    public void durableThrough(long index) {
        SnapshotJob first = before;
        if (first != null) {
            first.durableThrough(index);
        }
        during.durableThrough(index);
    }

    /** Ends what the readers are reading. Call it when the run has stopped; their threads then end. Any thread. */
    public void abort() {
        readers.forEach(SnapshotReader::abort);
    }

    /** Gives the kept state up. Call it when the readers' threads have ended. */
    @Override
    public void close() {
        if (exported != null) {
            exported.close();
        }
    }
}
