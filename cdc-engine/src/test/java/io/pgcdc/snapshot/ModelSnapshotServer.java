package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkRows;
import io.pgcdc.capture.Frames;
import io.pgcdc.capture.RowKey;
import io.pgcdc.capture.WindowFeed;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.model.TableName;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The model database as snapshots see it. */
public final class ModelSnapshotServer implements SnapshotServer {

    /** The table's layout. */
    public static final Relation LAYOUT = new Relation(
            0,
            ModelDatabase.OID,
            "public",
            ModelDatabase.NAME,
            ReplicaIdentity.DEFAULT,
            ModelDatabase.COLUMNS.stream().map(ModelSnapshotServer::column).toList(),
            List.of(0),
            List.of(new Membership("p", true, true, true, true, null, null, false)));

    private final ModelDatabase database;
    private final World world;

    /** What goes on around it. */
    public interface World {

        /** Lets the others go on. */
        void steps();

        /** Returns true once in that many times. */
        boolean once(int in);

        /** Returns true if the connection breaks now. */
        boolean breaks();
    }

    public ModelSnapshotServer(ModelDatabase database, World world) {
        this.database = database;
        this.world = world;
    }

    private static Column column(String name) {
        return new Column(name, PgType.base(25, "text"), -1, name.equals("id"));
    }

    /** Returns what snapshots need. */
    public SnapshotParts parts(List<String> sinks, SnapshotConfig config, Lifecycle lifecycle) {
        return new SnapshotParts(this, sinks, config, "model", true, lifecycle);
    }

    @Override
    public SnapshotOrder order(String id, SnapshotRequest request) {
        world.steps();
        return new SnapshotOrder(id, request.tables(), request.where(), request.sinks(), request.reconcile(), false);
    }

    @Override
    public List<SnapshotTable> tables(SnapshotOrder order) {
        return List.of(table());
    }

    private SnapshotTable table() {
        TableName name = new TableName(LAYOUT.schema(), LAYOUT.name());
        return TestTables.table(
                LAYOUT, List.of(new TableFile(LAYOUT.oid(), name, database.filenode(), database.blocks())));
    }

    /** @param slotSnapshot what the slot's snapshot shows, as pg_current_snapshot() prints it */
    @Override
    public Kept keep(String slotSnapshot) {
        SeenTransactions seen = SeenTransactions.parse(slotSnapshot);
        long filenode = database.filenode();
        return new Kept() {
            @Override
            public long takenMicros() {
                return 0;
            }

            @Override
            public boolean isRewritten(SnapshotTable table) {
                return database.filenode() != filenode;
            }

            @Override
            public ChunkSource chunks() {
                return new Chunks(seen, filenode);
            }

            @Override
            public void close() {
                // nothing is held up
            }
        };
    }

    @Override
    public ChunkSource chunks() {
        return new Chunks(null, 0);
    }

    @Override
    public LookUp lookUp(SnapshotOrder order) {
        return new LookUp() {
            @Override
            public List<SnapshotTable> get() {
                world.steps();
                List<SnapshotTable> found = tables(order);
                world.steps();
                return found;
            }

            @Override
            public void abort() {
                // it ends soon
            }
        };
    }

    @Override
    public long safeWalBytes() {
        return Long.MAX_VALUE;
    }

    /** Reads the model's rows. The world goes on while it reads. */
    private final class Chunks implements ChunkSource {

        private final @Nullable SeenTransactions kept;
        private final long keptFilenode;
        private boolean aborted;

        Chunks(@Nullable SeenTransactions kept, long keptFilenode) {
            this.kept = kept;
            this.keptFilenode = keptFilenode;
        }

        @Override
        public @Nullable Shown read(ChunkQuery query, ChunkRows rows, Consumer<SeenTransactions> opened) {
            aborted = false;
            steps();
            SeenTransactions seen = kept == null ? SeenTransactions.parse(database.snapshot()) : kept;
            long filenode = kept == null ? database.filenode() : keptFilenode;
            steps();
            opened.accept(seen);
            steps();
            // the table's lock is held until the rows are read and the file is checked
            if (filenode == database.filenode()) {
                read(query, seen, rows);
            }
            if (!isRight(query, filenode)) {
                throw new SourceException(ErrorCode.SNAPSHOT_TABLE_CHANGED, "the table was rewritten.");
            }
            steps();
            if (query.isDivisible() && world.once(10)) {
                return null;
            }
            return new Shown(seen, 0);
        }

        private void read(ChunkQuery query, SeenTransactions seen, ChunkRows rows) {
            for (ModelDatabase.Row row : database.rows(seen)) {
                boolean full = query instanceof ChunkFromKey chunk && rows.count() == chunk.limit();
                if (!full && wants(query, row)) {
                    byte[] message = Frames.insert(ModelDatabase.OID, row.id(), row.n(), row.big());
                    rows.add(message, message.length);
                }
            }
        }

        /** @param seen the file that the transaction sees in the catalog */
        private boolean isRight(ChunkQuery query, long seen) {
            long planned = query instanceof ChunkRange range ? range.file().filenode() : seen;
            return query instanceof ChunkReconcile || planned == database.filenode();
        }

        private void steps() {
            world.steps();
            if (aborted || world.breaks()) {
                throw new SourceException(ErrorCode.CONNECTION_LOST, "the reader's connection broke. Connect again.");
            }
        }

        private static boolean wants(ChunkQuery query, ModelDatabase.Row row) {
            if (query instanceof ChunkKeys keys) {
                return keys.keys().stream().anyMatch(key -> key.texts().equals(List.of(row.id())));
            }
            if (query instanceof ChunkRange range) {
                long place = TidRange.place(row.block(), 1);
                return range.range().from() <= place && place < range.range().to();
            }
            if (query instanceof ChunkFromKey chunk) {
                RowKey after = chunk.after();
                return after == null || row.id().compareTo(after.texts().get(0)) > 0;
            }
            return false;
        }

        @Override
        public void emit(String watermark) {
            steps();
            database.message(WindowFeed.PREFIX, watermark);
            steps();
        }

        @Override
        public void abort() {
            aborted = true;
        }

        @Override
        public void close() {
            // the next read connects again
        }
    }
}
