package io.pgcdc.capture;

import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.TransactionScan;
import io.pgcdc.source.LayoutSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Capture's inner parts, for tests of other rooms that bring frames themselves. */
public final class CaptureDriver {

    private static final int SEGMENT_CHANGES = 1_000;

    private final PackedSegment segment;
    private final SegmentWriter writer;
    private final ChunkWriter chunks;
    private final Windows windows;

    /** Continues after the queue's end. */
    public CaptureDriver(
            SegmentStore store,
            QueueProgress progress,
            Layouts layouts,
            LayoutSource source,
            long lastCommitLsn,
            TransactionScan.@Nullable Reads reads,
            int segmentBytes,
            Supplier<WindowFeed> feed) {
        segment = new PackedSegment(store, progress, segmentBytes, SEGMENT_CHANGES, 0);
        chunks = new ChunkWriter(store, progress, layouts, segmentBytes, SEGMENT_CHANGES, 0, reads);
        windows = new Windows(feed, () -> feed.get().isFinished(), chunks);
        Acknowledgement acknowledgement = new Acknowledgement(0, lastCommitLsn);
        writer = new SegmentWriter(
                segment, layouts, source, acknowledgement, lastCommitLsn, lastCommitLsn, Integer.MAX_VALUE, windows);
    }

    public void connected(int nextXid) {
        windows.connected(nextXid);
    }

    public void frame(long lsn, byte[] message) {
        writer.frame(lsn, 0, message, 0, message.length);
    }

    public void connectionEnded() {
        writer.connectionEnded();
        segment.discardOpenTransaction();
        segment.closeIfWhole();
    }

    /** Stores the whole transactions. */
    public void closeIfWhole() {
        segment.closeIfWhole();
    }

    /** Appends all chunks that are ready before the stream. */
    public void appendReady(ChunkFeed feed) {
        for (Chunk chunk = feed.poll(); chunk != null; chunk = feed.poll()) {
            Chunk next = chunk;
            chunks.append(next, feed.lsn(), feed.takenMicros(), index -> feed.appended(next, index));
        }
    }
}
