package io.pgcdc.connect.task;

import io.pgcdc.connect.offset.StreamOffset;
import io.pgcdc.connect.record.Ready;
import io.pgcdc.connect.record.ReadyRecord;
import io.pgcdc.connect.record.RecordMaker;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of changes, and hands them over to the task. Its answer DURABLE says that a record was handed over; {@link Outbox#grant} tells the
 * engine what Kafka has. The sink's thread.
 */
final class ConnectSink implements Sink {

    private final Outbox outbox;
    private final Function<SourceId, RecordMaker> makers;
    private final Ready ready = new Ready();
    private final SnapshotOrders orders;
    private @Nullable RecordMaker maker;

    /** The last change that was handed over of a transaction whose rest is still to come; null: there is no such transaction. */
    private @Nullable Position partly;

    private @Nullable String table;

    /** True if each transaction gets a parcel of its own. */
    private final boolean oneByOne;

    private final List<Outbox.Piece> pieces = new ArrayList<>();
    private @Nullable Position lastOfPiece;

    /**
     * Begins after what was handed over before.
     *
     * @param from where the records that were handed over end; null: none were
     * @param oneByOne true if each transaction gets a parcel of its own
     */
    ConnectSink(
            Outbox outbox,
            Function<SourceId, RecordMaker> makers,
            @Nullable StreamOffset from,
            boolean oneByOne,
            SnapshotOrders orders) {
        this.orders = orders;
        this.oneByOne = oneByOne;
        this.outbox = outbox;
        this.makers = makers;
        partly = from != null && from.isInTransaction() ? from.position() : null;
    }

    @Override
    public @Nullable Position open(SourceId source) {
        maker = makers.apply(source);
        return null;
    }

    @Override
    public Durability write(Batch batch) {
        RecordMaker into = maker();
        ready.clear();
        pieces.clear();
        lastOfPiece = null;
        table = null;
        into.startOfBatch();
        try {
            batch.forEach(change -> add(change, into));
        } catch (RefusedChangeException e) {
            into.undoBatch();
            throw e;
        }
        if (batch.endsAtCommit()) {
            into.endOfTransaction(ready);
        }
        List<ReadyRecord> records = List.copyOf(ready.records());
        if (batch.endsAtCommit()) {
            partly = null;
            outbox.take(pieces, records, table);
        } else {
            Position last = batch.lastPosition();
            Position before = partly;
            if (table == null && (before == null || before.compareTo(last) < 0)) {
                partly = last;
            }
            if (!records.isEmpty()) {
                outbox.handOverPart(records, table, last);
            }
        }
        return Durability.DURABLE;
    }

    private void add(Change change, RecordMaker into) {
        Position handedOver = partly;
        if (handedOver != null && change.position().compareTo(handedOver) <= 0) {
            into.passOver(change, false); // the connection was lost within its transaction, which comes again
            return;
        }
        MessageView message = change.message();
        if (message != null && SnapshotOrders.is(message)) {
            outbox.orderOnce(change.position(), () -> orders.execute(message));
            return;
        }
        if (oneByOne) {
            divide(change.position(), into);
        }
        if (change.kind() == ChangeKind.READ && table == null) {
            Relation relation = change.relation();
            table = relation == null ? null : Integer.toUnsignedString(relation.oid());
        }
        into.append(change, ready);
    }

    /** Ends the piece before the first change of another transaction. */
    private void divide(Position next, RecordMaker into) {
        Position last = lastOfPiece;
        lastOfPiece = next;
        if (last != null && !last.isTogetherWith(next.epoch(), next.commitLsn(), next.ordinal())) {
            into.endOfTransaction(ready);
            pieces.add(new Outbox.Piece(List.copyOf(ready.records()), last));
            ready.clear();
        }
    }

    private RecordMaker maker() {
        RecordMaker made = maker;
        if (made == null) {
            throw new IllegalStateException("the sink was not opened");
        }
        return made;
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    @Override
    public void close() {
        ready.clear();
    }
}
