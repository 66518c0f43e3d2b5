package io.pgcdc.pipeline;

import io.pgcdc.capture.Capture;
import io.pgcdc.capture.Chunk;
import io.pgcdc.capture.ChunkFeed;
import io.pgcdc.capture.ChunkRows;
import io.pgcdc.capture.ChunkWriter;
import io.pgcdc.capture.Frames;
import io.pgcdc.capture.SnapshotPhase;
import io.pgcdc.capture.SnapshotWork;
import io.pgcdc.capture.Standstill;
import io.pgcdc.capture.WindowFeed;
import io.pgcdc.capture.Windows;
import io.pgcdc.delivery.StartFrom;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Closing;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.progress.QueueFlusher;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.ChunkLabel;
import io.pgcdc.queue.ConfirmLog;
import io.pgcdc.queue.DeadLetterLog;
import io.pgcdc.queue.GapLog;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.MemoryLayoutLog;
import io.pgcdc.queue.MemorySegmentStore;
import io.pgcdc.queue.QueueStorage;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.sink.SourceId;
import io.pgcdc.source.SourceSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A queue in memory that is forced only after capture has waited for it, and a snapshot of one chunk. */
final class PowerlessMachine implements QueueStorage, ChunkFeed, Clock {

    /** Rows of the snapshot. */
    static final int ROWS = 5;

    /** Capture would read the stream now. */
    static final class StreamBegins extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Capture waits that many times before the disk has what was appended. */
    private static final int SLOWNESS = 3;

    private static final Relation LAYOUT = new Relation(
            0,
            1,
            "public",
            "t",
            ReplicaIdentity.DEFAULT,
            List.of(new Column("id", PgType.base(25, "text"), -1, true)),
            List.of(0),
            List.of());

    private final MemorySegmentStore store = new MemorySegmentStore();
    private final World world = new World(1);
    private final ModelCheckpoint<CaptureCheckpoint> capture = new ModelCheckpoint<>(world, checkpoint -> {});
    private final ModelCheckpoint<SinkCheckpoint> sink = new ModelCheckpoint<>(world, checkpoint -> {});
    private final Lifecycle lifecycle = new Lifecycle(this);
    private @Nullable Chunk chunk = chunk();
    private @Nullable QueueFlusher flusher;
    private long nanos;
    private int waits;
    private boolean finished;

    private static Chunk chunk() {
        ChunkRows rows = new ChunkRows();
        for (int i = 0; i < ROWS; i++) {
            byte[] row = Frames.insert(1, "row " + i);
            rows.add(row, row.length);
        }
        return new Chunk(1, LAYOUT, new ChunkLabel("initial", List.of(), "1 1 0 0.0-1.0"), rows);
    }

    /** Captures as a run does, until the stream is to begin. */
    void capture() {
        PipelineConfig config = new PipelineFixture("postgresql://localhost/none", "none", Path.of("none"))
                .set(SourceSettings.PUBLICATIONS, List.of("none"))
                .config();
        try (Closing closing = new Closing()) {
            OpenQueue queue = OpenQueue.open(this, config, closing, this);
            queue.startFrom(1_000, 0);
            queue.addSink("out", StartFrom.BEGINNING, sink -> {});
            flusher = new QueueFlusher(store, queue.progress(), lifecycle);
            PipelineParts parts = new PipelineParts(
                    config, new SourceId("1", "none", "none"), lifecycle, queue, closing, Inboxes.of(List.of("out")));
            ChunkWriter chunks = parts.chunkWriter();
            var loop = parts.captureLoop(
                    parts.acknowledgement(),
                    (message, xid) -> LAYOUT,
                    chunks,
                    new Windows(() -> WindowFeed.NONE, () -> true, chunks),
                    SnapshotWork.NONE,
                    index -> {},
                    prefix -> 0);
            new Capture(
                            () -> {
                                throw new StreamBegins();
                            },
                            () -> {
                                throw new StreamBegins();
                            },
                            new SnapshotPhase(
                                    this,
                                    chunks,
                                    loop,
                                    () -> queue.progress().durableMark().index(),
                                    lifecycle),
                            loop,
                            new Standstill("none", () -> "nowhere"),
                            lifecycle,
                            config.source().readOnly())
                    .run();
        }
    }

    /** Returns true if the snapshot counts as read: no later start reads its rows again. */
    boolean finished() {
        return finished;
    }

    /** Ends the machine: what was not forced is gone. */
    void losePower() {
        store.crash();
    }

    /** Returns the rows that the next start finds. */
    int rowsAfterCrash() {
        CaptureCheckpoint last = capture.forced();
        int rows = 0;
        SegmentView segment = new SegmentView();
        try (SegmentReader reader =
                store.reopen(last == null ? SegmentStore.NONE : last.index()).reader(SegmentStore.NONE)) {
            while (reader.next(segment)) {
                rows += segment.header().changeCount();
            }
        }
        return rows;
    }

    // ---- the snapshot

    @Override
    public long lsn() {
        return 1_000;
    }

    @Override
    public long takenMicros() {
        return 0;
    }

    @Override
    public void tend() {}

    @Override
    public @Nullable Chunk poll() {
        Chunk next = chunk;
        chunk = null;
        return next;
    }

    @Override
    public boolean isDrained() {
        return chunk == null;
    }

    @Override
    public void appended(Chunk which, long index) {}

    @Override
    public void finish() {
        finished = true;
    }

    // ---- the disk

    @Override
    public Checkpoint<CaptureCheckpoint> captureCheckpoint() {
        return capture.open();
    }

    @Override
    public ConfirmLog confirms() {
        return new ModelConfirmLog(world);
    }

    @Override
    public Checkpoint<SinkCheckpoint> sinkCheckpoint(String name) {
        return sink.open();
    }

    @Override
    public SegmentStore segments(long fileBytes, long durableThrough) {
        return store;
    }

    @Override
    public Layouts relations() {
        return Layouts.open(new MemoryLayoutLog());
    }

    @Override
    public GapLog gaps() {
        throw new UnsupportedOperationException("no gap is accepted");
    }

    @Override
    public DeadLetterLog deadLetters(String name) {
        throw new UnsupportedOperationException("no change is refused");
    }

    @Override
    public long freeBytes() {
        return Long.MAX_VALUE;
    }

    // ---- time

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void await(CountDownLatch latch, long milliseconds) {
        nanos += TimeUnit.MILLISECONDS.toNanos(milliseconds);
        QueueFlusher disk = flusher;
        if (disk != null && ++waits > SLOWNESS) {
            boolean unused = disk.turn(0);
        }
    }

    @Override
    public long jitter(long milliseconds) {
        return milliseconds;
    }
}
