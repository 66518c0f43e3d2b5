package io.pgcdc.delivery;

import io.pgcdc.queue.NextPart;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.TransactionScan;

/**
 * Reads the queue for one sink. Stops at the last durable end of a transaction. Skips transactions that were cut off: it gives out the first
 * part of a large transaction or chunk only when the last part is there. The tailer of a queue in memory gives out parts at once: its reader
 * gets a transaction that was cut off once more, and passes over what it has. The sink's thread.
 */
public final class Tailer implements AutoCloseable {

    private final SegmentStore store;
    private final boolean partsAtOnce;
    private final NextPart nextPart = new NextPart();
    private SegmentReader reader;

    /** Index before the reader's first segment. */
    private long before;

    /** True if the reader has stepped to a segment that must not be given out yet. */
    private boolean held;

    /**
     * Begins at an index.
     *
     * @param fromIndex index of the first segment to read; {@link SegmentStore#NONE}: the queue's beginning
     */
    public Tailer(SegmentStore store, long fromIndex) {
        this(store, fromIndex, false);
    }

    /** Begins at an index. If {@code partsAtOnce}, does not wait for the last part of a transaction. */
    public Tailer(SegmentStore store, long fromIndex, boolean partsAtOnce) {
        this.store = store;
        this.partsAtOnce = partsAtOnce;
        this.reader = readerFrom(fromIndex);
    }

    private SegmentReader readerFrom(long index) {
        nextPart.forget();
        before = index == SegmentStore.NONE ? SegmentStore.NONE : index - 1;
        return store.reader(index);
    }

    /**
     * Steps to the next segment.
     *
     * @param durableIndex index of the last durable segment that ends a transaction
     * @return false if there is no further segment up to it
     * @throws io.pgcdc.error.QueueException QUEUE_DAMAGED: another segment stands inside a transaction, or a part of it is missing
     */
    public boolean next(SegmentView into, long durableIndex) {
        while (held || (reader.index() < durableIndex && reader.next(into))) {
            held = reader.index() > durableIndex;
            if (held) {
                return false;
            }
            nextPart.require(into.header(), reader.index());
            SegmentKind kind = into.header().kind();
            if (kind.endsTransaction() || kind.continues() || isComplete()) {
                nextPart.follows(into.header());
                return true;
            }
        }
        return false;
    }

    /** Looks ahead. Returns true if the transaction is complete. If it was cut off, steps over it and returns false. */
    private boolean isComplete() {
        if (partsAtOnce) {
            return true;
        }
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

    /** Returns true if it does not wait for the last part of a transaction or chunk. */
    boolean partsAtOnce() {
        return partsAtOnce;
    }

    /** Continues at an earlier or later index. */
    void rewind(long toIndex) {
        reader.close();
        reader = readerFrom(toIndex);
        held = false;
    }

    /** Returns the index of the last segment stepped to. */
    public long index() {
        return reader.index();
    }

    /** Returns the index to wait for: {@link #next} may return true when a segment after it is durable. */
    public long waitsAfter() {
        return held ? reader.index() - 1 : Math.max(before, reader.index());
    }

    @Override
    public void close() {
        reader.close();
    }
}
