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
 * Looks in the stream of a slot for the place that a {@link DebeziumOffset} names. For a pipeline that leaves the slot
 * where it is: nothing is kept of what comes.
 *
 * <p>An offset goes with a record, so it mostly stands within a transaction: behind the change with its LSN, in the transaction with its xid.
 * Where the stream has no such change, that transaction is behind the slot already, and what was committed before the offset's last commit
 * has been sent.
 */
public final class PlaceFinder implements Sink {

    private final DebeziumOffset offset;
    private final Runnable whenFound;
    private @Nullable SourceId source;

    /** The last change that was sent. */
    private @Nullable Position sent;

    /** The last that ends a transaction and was sent. */
    private @Nullable Position whole;

    /** The last change at hand. */
    private @Nullable Position last;

    /** The one before the first that the offset names. */
    private @Nullable Position beforeNamed;

    /** How many changes of one transaction have the offset's LSN. */
    private int sameLsn;

    /** Commit of the transaction that the offset names; null: it was not seen. */
    private @Nullable Long namedCommitLsn;

    private boolean done;

    /** @param whenFound ends the stream */
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
        if (before != null && before.commitLsn() != change.commitLsn()) {
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
            // which of those that share it was the last, nobody knows: all of them count as not sent, as all do of what
            // has begun only
            if (sameLsn == 0) {
                beforeNamed = before;
                boolean first = before != null && before.commitLsn() != change.commitLsn();
                whole = first ? before : whole; // transactions are sent in this order
            }
            sameLsn++;
            boolean wasSent = sameLsn == 1 && offset.last() != DebeziumOffset.Last.BEGIN;
            sent = wasSent ? change.position() : beforeNamed;
        }
        last = change.position();
    }

    /** Of the one that the last change belongs to. */
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
        // only where a commit was the last is it that commit's: else it may be a message's, with the named change still
        // to come
        boolean behind = offset.last() == DebeziumOffset.Last.COMMIT
                && commitEnd != null
                && Lsn.compare(end.commitLsn(), commitEnd) >= 0;
        if (sameLsn > 0 || behind) {
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

    /** The source that was looked at. */
    public SourceId source() {
        SourceId from = source;
        if (from == null) {
            throw new IllegalStateException("the stream was not opened");
        }
        return from;
    }

    /** The last change of the slot that was sent; null: the slot stands behind all that was. */
    public @Nullable Position sent() {
        return sent;
    }

    /** The last change of the last transaction that was sent to its end; null: none that the slot still has. */
    @Nullable
    Position whole() {
        return whole;
    }

    /** Commit LSN of the transaction with the change that the offset names; null: the stream had no such change. */
    @Nullable
    Long namedCommitLsn() {
        return namedCommitLsn;
    }

    DebeziumOffset offset() {
        return offset;
    }

    /**
     * How many changes have the offset's LSN. Rows of one COPY share one, tables of one TRUNCATE too, and the offset does not tell them apart:
     * when there are several, none of them counts as sent.
     */
    public int sharing() {
        return sameLsn;
    }
}
