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
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.queue.ChunkFrame;
import io.pgcdc.queue.ChunkLabel;
import io.pgcdc.queue.ChunkMarks;
import io.pgcdc.queue.ReconcileFrame;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stored segment as a sink sees it. Each walk decodes the frames from the stored bytes. All walks give the same changes, except those left
 * out after a refusal. One delivery thread.
 */
public final class SegmentBatch implements Batch, PgOutputHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentBatch.class);

    private final RelationsInForce relations;
    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private final DecodedChange change = new DecodedChange();

    private final SegmentView segment;
    private final Route route;
    private @Nullable Consumer<? super Change> consumer;
    private @Nullable Relation lastRelation;
    private long ordinal;
    private boolean walked;

    /** True if the taker of the last walk had enough before its end. */
    private boolean cutShort;

    /** True if the segment holds rows of a snapshot. */
    private boolean isChunk;

    /** False if the segment holds rows of a snapshot that other sinks asked for. */
    private boolean forThisSink = true;

    private final boolean reconciles;

    /** The sink begins after this position, which may be inside a segment. Null: the sink gets all changes. */
    private @Nullable Position startAfter;

    /** True if a walk of this segment left out changes up to {@link #startAfter}, or if no segment was read since it was set. */
    private boolean leftOutEarlier;

    /** The changes of a replay; null: all. */
    private @Nullable ReplayFilter replay;

    /** Changes that the target refused since its last durable change, and that may come again. Usually empty. */
    private final Set<Position> leftOut = new HashSet<>();

    /**
     * Shows the current content of the buffer.
     *
     * @param relations finds a layout by its version
     */
    public SegmentBatch(SegmentView segment, IntFunction<Relation> relations) {
        this(segment, relations, new Route(), null, false);
    }

    /**
     * Shows the current content of the buffer, as a route passes it.
     *
     * @param startAfter changes up to this position are left out; null: none
     * @param reconciles see {@link io.pgcdc.sink.Sink#reconciles}
     */
    public SegmentBatch(
            SegmentView segment,
            IntFunction<Relation> relations,
            Route route,
            @Nullable Position startAfter,
            boolean reconciles) {
        this.reconciles = reconciles;
        this.startAfter = startAfter;
        this.leftOutEarlier = startAfter != null;
        this.segment = segment;
        this.route = route;
        this.relations = new RelationsInForce(relations);
    }

    /** Notes that the buffer has a new segment. Call it after each load. */
    public void segmentChanged() {
        walked = false;
        if (!leftOutEarlier) {
            startAfter = null; // the last segment left out nothing, so all later ones are after it
        }
        leftOutEarlier = false;
    }

    /** Leaves the change out of further walks. Returns false if it was already left out. */
    boolean leaveOut(Position position) {
        return leftOut.add(position);
    }

    /** Forgets left-out changes up to a durable position: they never come again. */
    void forgetLeftOut(Position durable) {
        if (!leftOut.isEmpty()) {
            leftOut.removeIf(position -> position.compareTo(durable) <= 0);
        }
    }

    /** Sets which changes of further segments are delivered, in a replay; null: all. */
    void replay(@Nullable ReplayFilter filter) {
        replay = filter;
    }

    /** Prepares for segments from an earlier place. Leaves out their changes up to the position; null: none. */
    void restartAfter(@Nullable Position position) {
        startAfter = position;
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

    /** Returns the position of the segment's last change, left out or not. Walks the segment if no walk was made yet. */
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

    /**
     * Passes the changes to the taker, until it returns false.
     *
     * @return false if it did
     */
    public boolean forEachWhile(Predicate<? super Change> taker) {
        walk(change -> cutShort = cutShort || !taker.test(change));
        return !cutShort;
    }

    /**
     * Decodes the segment's changes.
     *
     * @param taker gets the changes; null: only find the last position
     */
    private void walk(@Nullable Consumer<? super Change> taker) {
        consumer = taker;
        cutShort = false;
        lastRelation = null;
        relations.startWalk();
        SegmentHeader header = segment.header();
        ordinal = header.firstOrdinal();
        isChunk = header.kind().isChunk();
        forThisSink = true;
        change.duringSnapshot(!isChunk && (replay != null || (header.flags() & SegmentHeader.DURING_SNAPSHOT) != 0));
        change.transaction(
                header.epoch(), isChunk ? 0 : header.xid(), header.lastCommitLsn(), header.commitTimeMicros());
        segment.rewind();
        while (!cutShort && segment.nextFrame()) {
            byte[] buffer = segment.array();
            int offset = segment.frameOffset();
            if (RelationVersionFrame.is(buffer, offset, segment.frameLength())) {
                useRelation(buffer, offset);
            } else if (isChunk && ChunkFrame.is(buffer, offset, segment.frameLength())) {
                forThisSink = label(buffer, offset).isFor(route.sink());
            } else if (isChunk && ReconcileFrame.is(buffer, offset, segment.frameLength())) {
                deliver(change.reconcile(
                        relation(ReconcileFrame.oid(buffer, offset)), ReconcileFrame.begins(buffer, offset)));
            } else {
                decoder.decode(buffer, offset, segment.frameLength(), segment.frameLsn(), this);
            }
        }
        consumer = null;
        walked = !cutShort;
    }

    private void useRelation(byte[] buffer, int offset) {
        int length = segment.frameLength();
        lastRelation = relations.announce(
                RelationVersionFrame.oid(buffer, offset, length), RelationVersionFrame.version(buffer, offset, length));
    }

    private ChunkLabel label(byte[] buffer, int offset) {
        try {
            return ChunkFrame.label(buffer, offset, segment.frameLength());
        } catch (IllegalArgumentException e) {
            throw new DecodeException(
                    ErrorCode.DECODE_MALFORMED,
                    e.getMessage() + "; at LSN " + Lsn.toString(segment.header().lastCommitLsn())
                            + ". Keep the queue directory and report this.");
        }
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
        // the frames of a chunk have no LSN of their own
        ready.at(isChunk ? segment.header().lastCommitLsn() : segment.frameLsn(), ordinal++);
        if (startAfter != null && ready.position().compareTo(startAfter) <= 0) {
            leftOutEarlier = true;
            return;
        }
        ReplayFilter only = replay;
        Consumer<? super Change> taker = consumer;
        if (only != null && !only.takes(ready)) {
            return;
        }
        if (taker == null || !forThisSink || (ready.kind() == ChangeKind.RECONCILE && !mayReconcile(ready))) {
            return;
        }
        Change seen = route.apply(ready);
        if (seen != null && (leftOut.isEmpty() || !leftOut.contains(ready.position()))) {
            taker.accept(seen);
        }
    }

    private boolean mayReconcile(Change marker) {
        Relation table = marker.relation();
        boolean all = table != null && route.takesAll(table);
        boolean shared = table != null && table.sharesName();
        if (reconciles && (!all || shared)) {
            LOG.warn(
                    "sink {}: {} cannot be reconciled, because {}",
                    route.sink(),
                    table == null ? "?" : table.atSource(),
                    shared
                            ? "rows of other tables carry its name, too: see table_aliases"
                            : "not all its changes reach the sink: see origins and publications");
        }
        return reconciles && all && !shared;
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
        Relation table = relation(insert.relationOid());
        deliver(isChunk ? change.read(insert, table, place()) : change.insert(insert, table));
    }

    private SnapshotPlace place() {
        SegmentHeader header = segment.header();
        long row = ordinal - header.firstOrdinal();
        return ChunkMarks.place(header.flags(), row == 0, row == header.changeCount() - 1);
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
