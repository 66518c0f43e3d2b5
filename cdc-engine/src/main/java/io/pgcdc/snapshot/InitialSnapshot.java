package io.pgcdc.snapshot;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.ChunkFeed;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import io.pgcdc.model.Lsn;
import io.pgcdc.source.SourceConfig;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot that a new slot begins with: all rows as they were at the slot's consistent point. The starting thread makes it; then its
 * readers work on their own threads.
 */
public final class InitialSnapshot implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InitialSnapshot.class);

    private final ExportedSnapshot exported;
    private final SnapshotJob job;
    private final List<SnapshotReader> readers = new ArrayList<>();

    private InitialSnapshot(ExportedSnapshot exported, SnapshotJob job) {
        this.exported = exported;
        this.job = job;
    }

    /**
     * Plans the snapshot. The ledger then knows what is to be read.
     *
     * @param host the server with the slot
     * @param slotSnapshot the snapshot that CREATE_REPLICATION_SLOT exported; its connection has had no other command
     * @param lsn the slot's consistent point
     * @throws io.pgcdc.error.SourceException the server is not reachable, or refuses
     */
    public static InitialSnapshot take(
            SourceConfig source,
            ServerAddress host,
            CatalogConnection catalog,
            Ledger ledger,
            String slotSnapshot,
            long lsn,
            SnapshotConfig config,
            long maxRowBytes,
            Lifecycle lifecycle) {
        int answerMs = (int) source.receiveTimeoutMs();
        ExportedSnapshot exported = ExportedSnapshot.keep(host, slotSnapshot, answerMs);
        try {
            List<SnapshotTable> tables = new SnapshotTables(catalog, source.slot(), source.publications()).read();
            ledger.begin(lsn, tables);
            SnapshotJob job = new SnapshotJob(ledger, tables, config, exported.takenMicros(), lifecycle.clock()::nanos);
            InitialSnapshot snapshot = new InitialSnapshot(exported, job);
            for (int i = 0; i < config.parallel(); i++) {
                ServerChunkSource chunks =
                        new ServerChunkSource(host, answerMs, exported, config.largestChunk(), maxRowBytes);
                snapshot.readers.add(new SnapshotReader(job, chunks, lifecycle, source.reconnect()));
            }
            LOG.info("reading the rows of {} tables as of {}", tables.size(), Lsn.toString(lsn));
            return snapshot;
        } catch (RuntimeException | Error e) {
            exported.close();
            throw e;
        }
    }

    /** Returns the chunks, for capture. */
    public ChunkFeed feed() {
        return job;
    }

    /** Returns the readers, each for a thread of its own. */
    public List<Worker> readers() {
        return List.copyOf(readers);
    }

    /** Writes down which chunks are durable in the queue, up to an index. */
    public void durableThrough(long index) {
        job.durableThrough(index);
    }

    /** Ends all reading. Call it when the run has stopped. */
    @Override
    public void close() {
        readers.forEach(SnapshotReader::abort);
        exported.close();
    }
}
