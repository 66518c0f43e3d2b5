package io.pgcdc.delivery;

import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.TransactionScan;

/**
 * A sink's own reader of the queue. It goes no further than the last end of a transaction that is durable, and leaves out what was
 * cut off: the first part of a large transaction is handed out only when its last part is there. The sink's thread.
 */
public final class Tailer implements AutoCloseable {

    private final SegmentStore store;
    private SegmentReader reader;

    /** Index before the first segment that the reader can bring. */
    private long before;

    /** The reader has stepped to a segment that may not be handed out yet. */
    private boolean held;

    /**
     * Begins at a place.
     *
     * @param fromIndex first segment to read; {@link SegmentStore#NONE} for the queue's beginning
     */
    public Tailer(SegmentStore store, long fromIndex) {
        this.store = store;
        this.reader = readerFrom(fromIndex);
    }

    private SegmentReader readerFrom(long index) {
        before = index == SegmentStore.NONE ? SegmentStore.NONE : index - 1;
        return store.reader(index);
    }

    /**
     * Steps to the next segment.
     *
     * @param durableIndex of the last segment that ends a transaction and is durable
     * @return false when there is none up to there
     */
    public boolean next(SegmentView into, long durableIndex) {
        while (held || (reader.index() < durableIndex && reader.next(into))) {
            held = reader.index() > durableIndex;
            if (held) {
                return false;
            }
            SegmentKind kind = into.header().kind();
            if (kind.endsTransaction() || kind.continues() || isComplete()) {
                return true;
            }
        }
        return false;
    }

    /** Looks ahead; a transaction that was cut off is stepped over. */
    private boolean isComplete() {
        try (TransactionScan scan = new TransactionScan(store, reader.index())) {
            if (scan.look() == TransactionScan.Fate.CUT_OFF) {
                long after = scan.endIndex();
                reader.close();
                reader = readerFrom(after);
                return false;
            }
            return true;
        }
    }

    /** The next step goes to the first segment from there on, whatever was read before. */
    void rewind(long toIndex) {
        reader.close();
        reader = readerFrom(toIndex);
        held = false;
    }

    /** Index of the segment stepped to last. */
    long index() {
        return reader.index();
    }

    /** {@link #next} may bring something once a segment behind this index is durable. */
    public long waitsAfter() {
        return held ? reader.index() - 1 : Math.max(before, reader.index());
    }

    @Override
    public void close() {
        reader.close();
    }
}
