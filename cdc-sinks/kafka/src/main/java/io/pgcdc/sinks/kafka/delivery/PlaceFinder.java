package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.model.Change;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import org.jspecify.annotations.Nullable;

/**
 * Finds the place in a slot's stream that a {@link DebeziumOffset} names. Use it in a pipeline that does not move the slot and
 * stores no changes.
 *
 * <p>An offset belongs to one record, so it usually points inside a transaction: after the change with its LSN, in the transaction
 * with its xid. If the stream has no such change, the slot has passed that transaction. Debezium sent everything that committed
 * before the offset's last commit.
 */
public final class PlaceFinder implements Sink {

    private final DebeziumOffset offset;
    private final Runnable whenFound;
    private @Nullable SourceId source;

    /** The last change that Debezium sent; null if the slot has none. */
    private @Nullable Position sent;

    /** The last change of the last transaction that Debezium sent completely; null if the slot has none. */
    private @Nullable Position whole;

    /** The change that was read last; null before the first. */
    private @Nullable Position last;

    /** The change directly before the first change that the offset names; null if there is none. */
    private @Nullable Position beforeNamed;

    /** The number of changes so far that the offset names. */
    private int sameLsn;

    /** Commit LSN of the transaction that the offset names; null until a named change was read. */
    private @Nullable Long namedCommitLsn;

    private boolean done;

    /** @param whenFound ends the stream; called once, on the sink's thread, when the place is known */
    public PlaceFinder(DebeziumOffset offset, Runnable whenFound) {
        this.offset = offset;
        this.whenFound = whenFound;
    }

    @Override
    public @Nullable Position open(SourceId from) {
        source = from;
        return null;
    }

    @Override
    public Durability write(Batch batch) {
        batch.forEach(this::look);
        if (batch.endsAtCommit()) {
            endOfTransaction();
        }
        return Durability.DURABLE;
    }

    private void look(Change change) {
        Position before = last;
        boolean next = before != null && !before.isTogetherWith(change.epoch(), change.commitLsn(), change.ordinal());
        if (next) {
            endOfTransaction();
        }
        if (done) {
            return;
        }
        Long commitEnd = offset.commitEndLsn();
        boolean committedBefore = commitEnd != null && Lsn.compare(change.commitLsn(), commitEnd) < 0;
        boolean named = offset.names(change);
        if (named) {
            namedCommitLsn = change.commitLsn();
        }
        if (committedBefore) {
            sent = change.position();
        } else if (named) {
            // Several changes may share the LSN, and the offset does not tell which one was sent last: none of them
            // counts as sent. If the offset is a BEGIN, no change of its transaction counts as sent.
            if (sameLsn == 0) {
                beforeNamed = before;
                whole = next ? before : whole; // transactions are sent in order
            }
            sameLsn++;
            boolean wasSent = sameLsn == 1 && offset.last() != DebeziumOffset.Last.BEGIN;
            sent = wasSent ? change.position() : beforeNamed;
        }
        last = change.position();
    }

    /** Handles the end of the last change's transaction. */
    private void endOfTransaction() {
        Position end = last;
        Position until = sent;
        if (end == null || done) {
            return;
        }
        if (end.equals(until)) {
            whole = end;
        }
        Long commitEnd = offset.commitEndLsn();
        // commitEndLsn is a commit's LSN only if the last item was a commit. Otherwise it may be a message's LSN, and
        // the named change may still follow.
        boolean passed = offset.last() == DebeziumOffset.Last.COMMIT
                && commitEnd != null
                && Lsn.compare(end.commitLsn(), commitEnd) >= 0;
        if (sameLsn > 0 || passed) {
            done = true;
            whenFound.run();
        }
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    @Override
    public void close() {}

    /** Returns the source of the stream. */
    public SourceId source() {
        SourceId from = source;
        if (from == null) {
            throw new IllegalStateException("the stream was not opened");
        }
        return from;
    }

    /** Returns the last change of the slot that Debezium sent; null if the slot has none, because it has passed them all. */
    public @Nullable Position sent() {
        return sent;
    }

    /** Returns the last change of the last transaction that Debezium sent completely; null if the slot has none. */
    @Nullable
    Position whole() {
        return whole;
    }

    /** Returns the commit LSN of the transaction with the change that the offset names; null if the stream had no such change. */
    @Nullable
    Long namedCommitLsn() {
        return namedCommitLsn;
    }

    DebeziumOffset offset() {
        return offset;
    }

    /**
     * Returns how many changes the offset names. Rows of one COPY may share an LSN, and so do tables of one TRUNCATE. The offset
     * does not tell such changes apart: if there are several, none of them counts as sent.
     */
    public int sharing() {
        return sameLsn;
    }
}
