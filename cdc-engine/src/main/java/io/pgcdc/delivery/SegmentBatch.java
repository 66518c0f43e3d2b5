package io.pgcdc.delivery;

import io.pgcdc.decode.BeginMessage;
import io.pgcdc.decode.CommitMessage;
import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.LogicalMessage;
import io.pgcdc.decode.OriginMessage;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.decode.PgOutputHandler;
import io.pgcdc.decode.RelationMessage;
import io.pgcdc.decode.TruncateMessage;
import io.pgcdc.decode.TypeMessage;
import io.pgcdc.decode.UpdateMessage;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Change;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.queue.RelationVersionFrame;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.sink.Batch;
import io.pgcdc.view.Route;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One stored segment as a sink sees it: its frames are decoded while they are walked, straight from the stored bytes, and every walk
 * gives the same changes. One delivery thread.
 */
public final class SegmentBatch implements Batch, PgOutputHandler {

    private final RelationsInForce relations;
    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private final DecodedChange change = new DecodedChange();

    private final SegmentView segment;
    private final Route route;
    private @Nullable Consumer<? super Change> consumer;
    private @Nullable Relation lastRelation;
    private long ordinal;
    private boolean walked;

    /** Where a sink began in the middle of a segment; changes up to there do not concern it. */
    private @Nullable Position behind;

    private boolean leftOutEarlier;

    /** What the target refused since its last durable change, which may come again; mostly empty. */
    private final Set<Position> leftOut = new HashSet<>();

    /**
     * Shows whatever the buffer holds at the time.
     *
     * @param relations by version
     */
    public SegmentBatch(SegmentView segment, IntFunction<Relation> relations) {
        this(segment, relations, new Route(), null);
    }

    /** @param behind changes up to there are left out; null: none */
    SegmentBatch(SegmentView segment, IntFunction<Relation> relations, Route route, @Nullable Position behind) {
        this.behind = behind;
        this.leftOutEarlier = behind != null;
        this.segment = segment;
        this.route = route;
        this.relations = new RelationsInForce(relations);
    }

    /** To be called when the buffer was loaded anew. */
    public void segmentChanged() {
        walked = false;
        if (!leftOutEarlier) {
            behind = null; // the stream is past it for good
        }
        leftOutEarlier = false;
    }

    /** Further walks do not bring that change. False when it was left out before. */
    boolean leaveOut(Position position) {
        return leftOut.add(position);
    }

    /** What was left out up to there never comes again. */
    void forgetLeftOut(Position durable) {
        if (!leftOut.isEmpty()) {
            leftOut.removeIf(position -> position.compareTo(durable) <= 0);
        }
    }

    /** The segments that follow begin anew, and changes up to there are left out of them; null: none. */
    void restartBehind(@Nullable Position position) {
        behind = position;
        leftOutEarlier = position != null;
    }

    @Override
    public int count() {
        return segment.header().changeCount();
    }

    @Override
    public boolean endsAtCommit() {
        return segment.header().kind().endsTransaction();
    }

    /** That of the last change that the last walk met; walks when there was none yet. */
    @Override
    public Position lastPosition() {
        if (!walked) {
            walk(null);
        }
        return change.position();
    }

    @Override
    public void forEach(Consumer<? super Change> taker) {
        walk(taker);
    }

    /** @param taker null: the changes are only counted */
    private void walk(@Nullable Consumer<? super Change> taker) {
        consumer = taker;
        lastRelation = null;
        relations.startWalk();
        SegmentHeader header = segment.header();
        ordinal = header.firstOrdinal();
        change.transaction(header.epoch(), header.xid(), header.lastCommitLsn(), header.commitTimeMicros());
        segment.rewind();
        while (segment.nextFrame()) {
            byte[] buffer = segment.array();
            int offset = segment.frameOffset();
            if (RelationVersionFrame.is(buffer, offset, segment.frameLength())) {
                useRelation(buffer, offset);
            } else {
                decoder.decode(buffer, offset, segment.frameLength(), segment.frameLsn(), this);
            }
        }
        consumer = null;
        walked = true;
    }

    private void useRelation(byte[] buffer, int offset) {
        int length = segment.frameLength();
        lastRelation = relations.announce(
                RelationVersionFrame.oid(buffer, offset, length), RelationVersionFrame.version(buffer, offset, length));
    }

    private Relation relation(int oid) {
        Relation last = lastRelation;
        if (last != null && last.oid() == oid) {
            return last;
        }
        Relation found = relations.get(oid);
        if (found == null) {
            throw new DecodeException(
                    ErrorCode.STREAM_OUT_OF_ORDER,
                    "row of relation " + Integer.toUnsignedString(oid) + " before its layout, at LSN "
                            + Lsn.toString(segment.frameLsn())
                            + ". Keep the queue directory and report this.");
        }
        lastRelation = found;
        return found;
    }

    private void deliver(DecodedChange ready) {
        ready.at(segment.frameLsn(), ordinal++);
        if (behind != null && ready.position().compareTo(behind) <= 0) {
            leftOutEarlier = true;
            return;
        }
        Consumer<? super Change> taker = consumer;
        Change seen = taker == null ? null : route.apply(ready);
        if (taker != null && seen != null && (leftOut.isEmpty() || !leftOut.contains(ready.position()))) {
            taker.accept(seen);
        }
    }

    @Override
    public void begin(BeginMessage begin) {
        ordinal = 0;
        change.transaction(segment.header().epoch(), begin.xid(), begin.commitLsn(), begin.commitTimeMicros());
    }

    @Override
    public void commit(CommitMessage commit) {}

    @Override
    public void origin(OriginMessage origin) {
        change.origin(origin.name());
    }

    @Override
    public void relation(RelationMessage relation) {}

    @Override
    public void type(TypeMessage type) {}

    @Override
    public void insert(InsertMessage insert) {
        deliver(change.insert(insert, relation(insert.relationOid())));
    }

    @Override
    public void update(UpdateMessage update) {
        deliver(change.update(update, relation(update.relationOid())));
    }

    @Override
    public void delete(DeleteMessage delete) {
        deliver(change.delete(delete, relation(delete.relationOid())));
    }

    @Override
    public void truncate(TruncateMessage truncate) {
        for (int i = 0; i < truncate.relationCount(); i++) {
            deliver(change.truncate(truncate, relation(truncate.relationOid(i))));
        }
    }

    @Override
    public void message(LogicalMessage message) {
        if (segment.header().kind() == SegmentKind.MESSAGE) {
            ordinal = Position.MESSAGE_ORDINAL;
        }
        deliver(change.message(message));
    }
}
