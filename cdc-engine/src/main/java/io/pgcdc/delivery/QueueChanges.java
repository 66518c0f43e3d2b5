package io.pgcdc.delivery;

import io.pgcdc.error.QueueException;
import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.TransactionScan;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the changes in the files of a queue, in the order of their delivery. Leaves out parts of transactions that never ended, as sinks do. A
 * pipeline may run on the queue. One thread.
 */
public final class QueueChanges implements AutoCloseable {

    private final LongFunction<SegmentReader> segments;
    private final Supplier<Layouts> stored;
    private @Nullable Layouts layouts;

    /**
     * Reads nothing yet.
     *
     * @param segments opens a reader at an index; {@link SegmentStore#NONE}: at the beginning
     * @param layouts opens the stored layouts; this closes them
     */
    public QueueChanges(LongFunction<SegmentReader> segments, Supplier<Layouts> layouts) {
        this.segments = segments;
        this.stored = layouts;
    }

    /** Takes what is read. */
    public interface Taker {

        /** Takes a change, which may be used during the call only. */
        void take(Change change);

        /** Returns true to end the reading. Asked after each segment. */
        boolean hasAll();
    }

    /**
     * Reads from the first segment to the last.
     *
     * @throws QueueException QUEUE_DAMAGED, QUEUE_FORMAT, QUEUE_IO
     */
    public void read(Taker taker) {
        SegmentView segment = new SegmentView();
        SegmentBatch batch = new SegmentBatch(segment, this::layout);
        Predicate<SegmentReader> whole = new Parts(segment)::areWhole;
        try (SegmentReader reader = segments.apply(SegmentStore.NONE)) {
            while (!taker.hasAll() && reader.next(segment)) {
                if (whole.test(reader)) {
                    batch.segmentChanged();
                    batch.forEach(taker::take);
                }
            }
        }
    }

    /** Tells if the parts of a transaction belong to one that ended. */
    private final class Parts {

        private final SegmentView segment;
        private boolean whole;

        Parts(SegmentView segment) {
            this.segment = segment;
        }

        boolean areWhole(SegmentReader at) {
            if (segment.header().kind().begins()) {
                whole = segment.header().kind().endsTransaction() || ends(at.index());
            }
            return whole;
        }

        private boolean ends(long firstIndex) {
            try (TransactionScan scan = new TransactionScan(segments, firstIndex)) {
                return scan.look() == TransactionScan.Fate.COMPLETE;
            }
        }
    }

    /** A running pipeline may have stored a layout since they were read. */
    private Relation layout(int version) {
        Layouts known = layouts;
        if (known != null) {
            try {
                return known.byVersion(version);
            } catch (QueueException e) {
                known.close();
            }
        }
        known = stored.get();
        layouts = known;
        return known.byVersion(version);
    }

    @Override
    public void close() {
        if (layouts != null) {
            layouts.close();
        }
    }
}
