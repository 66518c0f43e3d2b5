package io.pgcdc.capture;

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
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Relation;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.queue.Layouts;
import io.pgcdc.source.LayoutSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds transaction boundaries and relations in the stream and packs the raw frames into segments. It looks at the first bytes of a
 * row message only. Capture thread.
 *
 * <p>What the queue already holds, because the server repeats it after a reconnect, is passed over here.
 */
public final class SegmentWriter implements PgOutputHandler {

    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private final OpenSegment segment;
    private final Layouts store;
    private final LayoutSource layouts;
    private final Acknowledgement acknowledgement;
    private final long maxRowBytes;

    /** Layouts in force on this connection, by oid. */
    private final Map<Integer, Relation> relations = new HashMap<>();

    private long lastCommitLsn;
    private long lastMessageLsn;
    private boolean inTransaction;
    private boolean repeated;
    private long commitLsn;
    private int xid;
    private @Nullable Relation lastRelation;

    // the frame being looked at
    private byte[] buffer = new byte[0];
    private int offset;
    private int length;
    private long lsn;
    private long serverMicros;

    /**
     * Goes on after what the queue holds.
     *
     * @param lastCommitLsn commit LSN of the last whole transaction in the queue
     * @param lastMessageLsn LSN of the last message of its own in the queue
     */
    public SegmentWriter(
            OpenSegment segment,
            Layouts store,
            LayoutSource layouts,
            Acknowledgement acknowledgement,
            long lastCommitLsn,
            long lastMessageLsn,
            long maxRowBytes) {
        this.segment = segment;
        this.store = store;
        this.layouts = layouts;
        this.acknowledgement = acknowledgement;
        this.lastCommitLsn = lastCommitLsn;
        this.lastMessageLsn = lastMessageLsn;
        this.maxRowBytes = maxRowBytes;
    }

    void frame(long frameLsn, long sentMicros, byte[] bytes, int from, int count) {
        buffer = bytes;
        offset = from;
        length = count;
        lsn = frameLsn;
        serverMicros = sentMicros;
        decoder.decode(bytes, from, count, frameLsn, this);
    }

    /** The connection is gone: the next one sends each Relation message anew, and the open transaction from its beginning. */
    void connectionEnded() {
        inTransaction = false;
        relations.clear();
        lastRelation = null;
    }

    /** Commit LSN of the transaction that is being received, or INVALID. */
    long openCommitLsn() {
        return inTransaction && !repeated ? commitLsn : Lsn.INVALID;
    }

    @Override
    public void begin(BeginMessage begin) {
        if (inTransaction) {
            throw outOfOrder("Begin inside a transaction");
        }
        inTransaction = true;
        commitLsn = begin.commitLsn();
        xid = begin.xid();
        repeated = Lsn.compare(commitLsn, lastCommitLsn) <= 0;
        if (!repeated) {
            segment.begin(begin, lsn, buffer, offset, length);
        }
    }

    @Override
    public void origin(OriginMessage origin) {
        requireTransaction("Origin");
        if (!repeated) {
            segment.origin(lsn, buffer, offset, length);
        }
    }

    @Override
    public void relation(RelationMessage message) {
        Relation relation = store.intern(layouts.layout(message, xid));
        relations.put(relation.oid(), relation);
        lastRelation = null;
        segment.relationChanged(relation.oid());
    }

    /** Names of types are read from the catalog, with their structure. */
    @Override
    public void type(TypeMessage type) {}

    @Override
    public void insert(InsertMessage insert) {
        row(insert.relationOid());
    }

    @Override
    public void update(UpdateMessage update) {
        row(update.relationOid());
    }

    @Override
    public void delete(DeleteMessage delete) {
        row(delete.relationOid());
    }

    private void row(int relationOid) {
        requireTransaction("row");
        Relation relation = relation(relationOid);
        if (!repeated) {
            if (length > maxRowBytes) {
                throw tooLarge("a row of table " + relation.qualifiedName());
            }
            segment.makeRoom(length);
            segment.announce(lsn, relation);
            segment.add(lsn, buffer, offset, length, 1);
        }
    }

    private SourceException tooLarge(String what) {
        return new SourceException(
                ErrorCode.ROW_TOO_LARGE,
                what + " takes " + length + " bytes at LSN " + Lsn.toString(lsn) + ", more than max_row_bytes = "
                        + maxRowBytes + ". Raise max_row_bytes, and the JVM's heap with it.");
    }

    @Override
    public void truncate(TruncateMessage truncate) {
        requireTransaction("Truncate");
        if (repeated) {
            return;
        }
        segment.makeRoom(length);
        for (int i = 0; i < truncate.relationCount(); i++) {
            segment.announce(lsn, relation(truncate.relationOid(i)));
        }
        segment.add(lsn, buffer, offset, length, truncate.relationCount());
    }

    @Override
    public void message(LogicalMessage message) {
        if (message.transactional()) {
            requireTransaction("transactional message");
            if (!repeated) {
                requireAllowed(message);
                segment.makeRoom(length);
                segment.add(lsn, buffer, offset, length, 1);
            }
            return;
        }
        if (inTransaction) {
            throw outOfOrder("non-transactional message inside a transaction");
        }
        if (Heartbeat.PREFIX.equals(message.prefix())) {
            acknowledgement.quietUntil(message.lsn());
            return;
        }
        if (Lsn.compare(message.lsn(), Lsn.max(lastCommitLsn, lastMessageLsn)) > 0) {
            requireAllowed(message);
            lastMessageLsn = message.lsn();
            segment.message(message.lsn(), serverMicros, lsn, buffer, offset, length);
            acknowledgement.committed(message.lsn());
        }
    }

    private void requireAllowed(LogicalMessage message) {
        if (length > maxRowBytes) {
            throw tooLarge("a logical message with prefix \"" + message.prefix() + "\"");
        }
    }

    @Override
    public void commit(CommitMessage commit) {
        requireTransaction("Commit");
        if (commit.commitLsn() != commitLsn) {
            throw outOfOrder("Commit of another transaction than Begin's");
        }
        inTransaction = false;
        if (!repeated) {
            lastCommitLsn = commitLsn;
            if (segment.commit(commit, lsn, buffer, offset, length)) {
                acknowledgement.committed(commit.endLsn());
                return;
            }
        }
        acknowledgement.quietUntil(commit.endLsn());
    }

    private Relation relation(int oid) {
        Relation last = lastRelation;
        if (last != null && last.oid() == oid) {
            return last;
        }
        Relation found = relations.get(oid);
        if (found == null) {
            throw outOfOrder("row of relation " + Integer.toUnsignedString(oid) + " before its Relation message");
        }
        lastRelation = found;
        return found;
    }

    private void requireTransaction(String what) {
        if (!inTransaction) {
            throw outOfOrder(what + " outside a transaction");
        }
    }

    private DecodeException outOfOrder(String what) {
        return new DecodeException(
                ErrorCode.STREAM_OUT_OF_ORDER,
                what + " at LSN " + Lsn.toString(lsn) + ". Report this with the server's version.");
    }
}
