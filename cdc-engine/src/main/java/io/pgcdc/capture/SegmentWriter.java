package io.pgcdc.capture;

import io.pgcdc.decode.BeginMessage;
import io.pgcdc.decode.CommitMessage;
import io.pgcdc.decode.FrameHead;
import io.pgcdc.decode.LogicalMessage;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.decode.TruncateMessage;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Relation;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.queue.Layouts;
import io.pgcdc.source.LayoutSource;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds transactions and layouts in the stream, and packs the raw frames into segments. Of a row message it reads only the first bytes.
 * Skips transactions that the queue already has: the server repeats them after a reconnect. Capture thread.
 */
public final class SegmentWriter {

    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private final FrameHead frame = new FrameHead();
    private final OpenTransaction transaction = new OpenTransaction();
    private final PackedSegment segment;
    private final Layouts store;
    private final LayoutSource layouts;
    private final Acknowledgement acknowledgement;
    private final long maxRowBytes;
    private final Windows windows;

    private final TableTraffic traffic = new TableTraffic();

    /** Tables with their layouts in force on this connection, by oid. */
    private final Map<Integer, Known> tables = new HashMap<>();

    private @Nullable Known lastTable;
    private long lastCommitLsn;
    private long lastMessageLsn;

    // the transaction that is being received
    private boolean inTransaction;
    private boolean repeated;
    private long commitLsn;
    private int xid;

    private record Known(Relation relation, TableTraffic.Table traffic) {}

    /**
     * Continues after the queue's end.
     *
     * @param lastCommitLsn commit LSN of the last whole transaction in the queue
     * @param lastMessageLsn LSN of the last message in the queue that belongs to no transaction
     */
    public SegmentWriter(
            PackedSegment segment,
            Layouts store,
            LayoutSource layouts,
            Acknowledgement acknowledgement,
            long lastCommitLsn,
            long lastMessageLsn,
            long maxRowBytes,
            Windows windows) {
        this.windows = windows;
        this.segment = segment;
        this.store = store;
        this.layouts = layouts;
        this.acknowledgement = acknowledgement;
        this.lastCommitLsn = lastCommitLsn;
        this.lastMessageLsn = lastMessageLsn;
        this.maxRowBytes = maxRowBytes;
    }

    /** Takes a message in {@code buffer[offset .. offset + length)}. The parameters are those of {@link FrameHead#wrap}. */
    void frame(long lsn, long sentMicros, byte[] buffer, int offset, int length) {
        frame.wrap(lsn, sentMicros, buffer, offset, length);
        switch (frame.type()) {
            case PgOutput.INSERT, PgOutput.UPDATE, PgOutput.DELETE -> row();
            case PgOutput.BEGIN -> begin(decoder.begin(frame));
            case PgOutput.COMMIT -> commit(decoder.commit(frame));
            case PgOutput.RELATION -> relation();
            // checked and dropped: the catalog tells a type's name and structure
            case PgOutput.TYPE -> decoder.type(frame);
            case PgOutput.ORIGIN -> origin();
            case PgOutput.TRUNCATE -> truncate(decoder.truncate(frame));
            case PgOutput.MESSAGE -> message(decoder.message(frame));
            default -> throw decoder.unknown(frame);
        }
    }

    /** Forgets the connection's state. The next one sends each Relation message anew, and the open transaction from its beginning. */
    void connectionEnded() {
        inTransaction = false;
        tables.clear();
        lastTable = null;
        windows.connectionEnded();
    }

    /** Returns what the tables' rows take. Any thread. */
    TableTraffic traffic() {
        return traffic;
    }

    /** Returns true between a Begin and its Commit, also of a transaction that is repeated. */
    boolean isInTransaction() {
        return inTransaction;
    }

    /** Returns the commit LSN of the transaction that is being received, or INVALID. */
    long openCommitLsn() {
        return inTransaction && !repeated ? commitLsn : Lsn.INVALID;
    }

    private void begin(BeginMessage begin) {
        if (inTransaction) {
            throw outOfOrder("Begin inside a transaction");
        }
        inTransaction = true;
        commitLsn = begin.commitLsn();
        xid = begin.xid();
        repeated = Lsn.compare(commitLsn, lastCommitLsn) <= 0;
        if (!repeated) {
            windows.begin(begin);
            segment.snapshotIsRead(!windows.isQuiet());
            segment.begin(transaction, begin, frame);
        }
    }

    private void origin() {
        decoder.origin(frame);
        requireTransaction("Origin");
        if (!repeated) {
            segment.origin(frame);
        }
    }

    private void relation() {
        Relation relation = store.intern(layouts.layout(decoder.relation(frame), xid));
        tables.put(relation.oid(), new Known(relation, traffic.table(relation)));
        windows.layout(relation);
        lastTable = null;
        segment.layoutChanged(relation.oid());
    }

    private void row() {
        int oid = frame.relationOid();
        requireTransaction("row");
        Known table = table(oid);
        Relation relation = table.relation;
        if (!repeated) {
            if (frame.length() > maxRowBytes) {
                throw tooLarge("a row of table " + relation.atSource());
            }
            segment.makeRoom(frame.length());
            segment.announce(frame, relation);
            segment.add(frame, 1);
            traffic.row(frame, table.traffic);
            windows.row(frame, relation);
        }
    }

    private void truncate(TruncateMessage truncate) {
        requireTransaction("Truncate");
        if (repeated) {
            return;
        }
        segment.makeRoom(frame.length());
        for (int i = 0; i < truncate.relationCount(); i++) {
            Relation relation = table(truncate.relationOid(i)).relation;
            segment.announce(frame, relation);
            windows.truncate(relation);
        }
        segment.add(frame, truncate.relationCount());
    }

    private void message(LogicalMessage message) {
        if (message.transactional()) {
            requireTransaction("transactional message");
            if (!repeated) {
                requireAllowed(message);
                segment.makeRoom(frame.length());
                segment.add(frame, 1);
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
        if (WindowFeed.PREFIX.equals(message.prefix())) {
            segment.closeIfWhole();
            windows.watermark(content(message), message.lsn());
            acknowledgement.quietUntil(message.lsn());
            return;
        }
        if (Lsn.compare(message.lsn(), Lsn.max(lastCommitLsn, lastMessageLsn)) > 0) {
            requireAllowed(message);
            lastMessageLsn = message.lsn();
            segment.message(frame, message.lsn());
            acknowledgement.committed(message.lsn());
        }
    }

    private static String content(LogicalMessage message) {
        return new String(message.buffer(), message.offset(), message.length(), StandardCharsets.UTF_8);
    }

    private void requireAllowed(LogicalMessage message) {
        if (frame.length() > maxRowBytes) {
            throw tooLarge("a logical message with prefix \"" + message.prefix() + "\"");
        }
    }

    private void commit(CommitMessage commit) {
        requireTransaction("Commit");
        if (commit.commitLsn() != commitLsn) {
            throw outOfOrder("Commit does not belong to the transaction of the last Begin");
        }
        inTransaction = false;
        if (!repeated) {
            windows.commit();
            lastCommitLsn = commitLsn;
            if (segment.commit(frame, commit.endLsn())) {
                acknowledgement.committed(commit.endLsn());
                return;
            }
        }
        acknowledgement.quietUntil(commit.endLsn());
    }

    private Known table(int oid) {
        Known last = lastTable;
        if (last != null && last.relation.oid() == oid) {
            return last;
        }
        Known found = tables.get(oid);
        if (found == null) {
            throw outOfOrder("row of relation " + Integer.toUnsignedString(oid) + " before its Relation message");
        }
        lastTable = found;
        return found;
    }

    private void requireTransaction(String what) {
        if (!inTransaction) {
            throw outOfOrder(what + " outside a transaction");
        }
    }

    private SourceException tooLarge(String what) {
        return new SourceException(
                ErrorCode.ROW_TOO_LARGE,
                what + " takes " + frame.length() + " bytes at LSN " + Lsn.toString(frame.lsn())
                        + ", more than max_row_bytes = " + maxRowBytes
                        + ". Raise max_row_bytes, and the JVM's heap with it.");
    }

    private DecodeException outOfOrder(String what) {
        return new DecodeException(
                ErrorCode.STREAM_OUT_OF_ORDER,
                what + " at LSN " + Lsn.toString(frame.lsn()) + ". Report this with the server's version.");
    }
}
