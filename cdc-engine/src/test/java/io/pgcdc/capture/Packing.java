package io.pgcdc.capture;

import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.source.LayoutSource;

/** Packs frames into segments of a new store, without a connection. Segments have the default size. */
public final class Packing {

    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int SEGMENT_CHANGES = 20_000;

    private final PackedSegment segment;
    private final SegmentWriter writer;

    public Packing(SegmentStore store, Layouts layouts, LayoutSource source) {
        QueueProgress progress = new QueueProgress(new QueueProgress.Mark(store.durableIndex(), 0, 0));
        segment = new PackedSegment(store, progress, SEGMENT_BYTES, SEGMENT_CHANGES, 0);
        ChunkWriter chunks = new ChunkWriter(store, progress, layouts, SEGMENT_BYTES, SEGMENT_CHANGES, 0, null);
        Windows windows = new Windows(() -> WindowFeed.NONE, () -> true, chunks);
        Acknowledgement acknowledgement = new Acknowledgement(0, 0);
        writer = new SegmentWriter(segment, layouts, source, acknowledgement, 0, 0, Integer.MAX_VALUE, windows);
    }

    public void frame(long lsn, long sentMicros, byte[] message) {
        writer.frame(lsn, sentMicros, message, 0, message.length);
    }

    /** Stores the whole transactions. */
    public void end() {
        segment.closeIfWhole();
    }
}
