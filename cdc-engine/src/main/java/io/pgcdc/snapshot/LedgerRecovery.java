package io.pgcdc.snapshot;

import io.pgcdc.queue.ChunkFrame;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import org.jspecify.annotations.Nullable;

/** Finds chunks in the queue that the ledger does not know yet, because the process ended before they were written down. */
final class LedgerRecovery {

    private LedgerRecovery() {}

    /**
     * Completes the ledger.
     *
     * @param fromIndex capture's checkpoint; the ledger knows all chunks up to there
     */
    static void recover(SegmentStore store, long fromIndex, Ledger ledger) {
        SegmentView segment = new SegmentView();
        @Nullable String open = null;
        try (SegmentReader reader = store.reader(fromIndex)) {
            while (reader.next(segment)) {
                if (segment.header().kind().begins()) {
                    open = segment.header().kind().isChunk() ? description(segment) : null;
                }
                if (open != null && segment.header().kind().endsTransaction()) {
                    ledger.found(open);
                    open = null;
                }
            }
        }
    }

    private static @Nullable String description(SegmentView segment) {
        segment.rewind();
        return segment.nextFrame() && ChunkFrame.is(segment.array(), segment.frameOffset(), segment.frameLength())
                ? ChunkFrame.text(segment.array(), segment.frameOffset(), segment.frameLength())
                : null;
    }
}
