package io.pgcdc.capture;

import io.pgcdc.decode.BeginMessage;
import io.pgcdc.decode.FrameHead;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.RelationVersionFrame;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentStore;
import org.jspecify.annotations.Nullable;

/**
 * The segment that capture is filling. Small transactions share it. It is closed when it is full, or when nothing more can be read at once.
 * A transaction that does not fit is cut: the whole ones before it become one segment, and its parts become segments FIRST, MIDDLE …,
 * LAST. Each transaction, and each part of one, announces the layouts of its rows before their first use. Capture thread.
 *
 * <pre>
 *   | whole transaction | whole transaction | open transaction …
 *                                           ^ mark
 * </pre>
 */
public final class PackedSegment {

    private final SegmentStore store;
    private final QueueProgress progress;
    private final int targetBytes;
    private final int targetChanges;
    private final int epoch;
    private final SegmentBuilder builder = new SegmentBuilder();
    private final byte[] scratch = new byte[RelationVersionFrame.LENGTH];

    // the whole transactions in the segment
    private int wholeChanges;
    private int wholeTransactions;
    private int lastXid;
    private long firstCommitLsn;
    private long lastCommitLsn;
    private long endLsn;
    private long lastCommitTimeMicros;

    private boolean snapshotIsRead;

    /** True if a snapshot was being read when a transaction in the segment began. */
    private boolean duringSnapshot;

    /** The transaction at the segment's end, or null. */
    private @Nullable OpenTransaction open;

    /** Offset in the segment where the open transaction begins. */
    private int mark;

    public PackedSegment(SegmentStore store, QueueProgress progress, int targetBytes, int targetChanges, int epoch) {
        this.store = store;
        this.progress = progress;
        this.targetBytes = targetBytes;
        this.targetChanges = targetChanges;
        this.epoch = epoch;
        startSegment();
    }

    private void startSegment() {
        builder.begin();
        duringSnapshot = snapshotIsRead;
        mark = SegmentHeader.LENGTH;
        wholeChanges = 0;
        wholeTransactions = 0;
    }

    /** Notes if a snapshot is being read. Call it before {@link #begin}. */
    void snapshotIsRead(boolean now) {
        snapshotIsRead = now;
        duringSnapshot |= now;
    }

    /** Begins a transaction after the whole ones. Its Begin message is {@code frame}. */
    void begin(OpenTransaction transaction, BeginMessage begin, FrameHead frame) {
        transaction.begin(begin);
        open = transaction;
        mark = builder.end();
        addFrame(frame);
    }

    void origin(FrameHead frame) {
        transaction().origin(frame);
        addFrame(frame);
    }

    /** Makes the open transaction announce the table's layout again. */
    void layoutChanged(int oid) {
        if (open != null) {
            open.layoutChanged(oid);
        }
    }

    /** Closes a full segment, so that a message of this length fits. Call it before {@link #announce} and {@link #add}. */
    void makeRoom(int length) {
        OpenTransaction transaction = transaction();
        if (hasRoom(transaction, length)) {
            return;
        }
        if (wholeChanges > 0) {
            closeWhole(mark);
        }
        if (transaction.changes() > 0 && !hasRoom(transaction, length)) {
            progress.appendedPart(storePart(
                    transaction, transaction.continued() ? SegmentKind.MIDDLE : SegmentKind.FIRST, Lsn.INVALID));
            startSegment();
            transaction.nextPart(builder);
        }
    }

    private boolean hasRoom(OpenTransaction transaction, int length) {
        return builder.framesBytes() + length <= targetBytes && wholeChanges + transaction.changes() < targetChanges;
    }

    /** Announces the layout of the next rows, unless this part of the transaction has already announced it. */
    void announce(FrameHead row, Relation layout) {
        if (transaction().announce(layout.oid())) {
            RelationVersionFrame.add(builder, row.lsn(), layout.oid(), layout.version(), scratch);
        }
    }

    /** Adds a message that carries that number of changes. */
    void add(FrameHead frame, int changes) {
        addFrame(frame);
        transaction().added(changes);
    }

    private void addFrame(FrameHead frame) {
        builder.addFrame(frame.lsn(), frame.buffer(), frame.offset(), frame.length());
    }

    /**
     * Ends the transaction.
     *
     * @param commitEndLsn LSN after its commit record
     * @return false if it has no change: then nothing of it is stored
     */
    boolean commit(FrameHead frame, long commitEndLsn) {
        OpenTransaction transaction = transaction();
        open = null;
        if (transaction.isEmpty()) {
            builder.truncate(mark);
            return false;
        }
        addFrame(frame);
        if (transaction.continued()) {
            long index = storePart(transaction, SegmentKind.LAST, commitEndLsn);
            progress.appended(index, transaction.commitLsn(), commitEndLsn);
            startSegment();
            return true;
        }
        addWhole(transaction, commitEndLsn);
        if (builder.framesBytes() >= targetBytes || wholeChanges >= targetChanges) {
            closeWhole(builder.end());
        }
        return true;
    }

    private void addWhole(OpenTransaction transaction, long commitEndLsn) {
        if (wholeChanges == 0) {
            firstCommitLsn = transaction.commitLsn();
        }
        wholeChanges += transaction.changes();
        wholeTransactions++;
        lastXid = transaction.xid();
        lastCommitLsn = transaction.commitLsn();
        endLsn = commitEndLsn;
        lastCommitTimeMicros = transaction.commitTimeMicros();
    }

    /** Stores a message outside any transaction as its own segment. Its end is its own LSN, because the next commit may begin there. */
    void message(FrameHead frame, long messageLsn) {
        closeIfWhole();
        addFrame(frame);
        header(0, messageLsn, messageLsn, messageLsn, frame.sentMicros(), Position.MESSAGE_ORDINAL, 1);
        builder.seal(SegmentKind.MESSAGE);
        progress.appended(store.append(builder), Lsn.INVALID, messageLsn);
        progress.captured().add(1);
        startSegment();
    }

    /** Returns the number of whole transactions in the segment. */
    int wholeTransactions() {
        return wholeTransactions;
    }

    /** Stores the whole transactions, if there are any. */
    void closeIfWhole() {
        if (wholeChanges > 0) {
            closeWhole(open == null ? builder.end() : mark);
        }
    }

    /** Drops the open transaction: the next connection sends it again. Its stored parts stay in the queue without a LAST. */
    void discardOpenTransaction() {
        OpenTransaction transaction = open;
        open = null;
        if (transaction == null) {
            return;
        }
        if (transaction.continued()) {
            startSegment();
        } else {
            builder.truncate(mark);
        }
    }

    private void closeWhole(int end) {
        header(lastXid, firstCommitLsn, lastCommitLsn, endLsn, lastCommitTimeMicros, 0, wholeChanges);
        builder.seal(SegmentKind.TRANSACTIONS, end);
        progress.appended(store.append(builder), lastCommitLsn, endLsn);
        progress.captured().add(wholeChanges);
        // the open transaction, with the layouts that it announced, begins at the mark
        builder.keepFrom(end);
        mark = SegmentHeader.LENGTH;
        wholeChanges = 0;
        wholeTransactions = 0;
        duringSnapshot = snapshotIsRead;
    }

    private long storePart(OpenTransaction part, SegmentKind kind, long partEndLsn) {
        header(
                part.xid(),
                part.commitLsn(),
                part.commitLsn(),
                partEndLsn,
                part.commitTimeMicros(),
                part.firstOrdinal(),
                part.changes());
        builder.seal(kind);
        progress.captured().add(part.changes());
        return store.append(builder);
    }

    private void header(
            int xid, long first, long last, long end, long commitTimeMicros, long firstOrdinal, int changeCount) {
        builder.flags(duringSnapshot ? SegmentHeader.DURING_SNAPSHOT : 0);
        builder.epoch(epoch);
        builder.xid(xid);
        builder.firstCommitLsn(first);
        builder.lastCommitLsn(last);
        builder.lastCommitEndLsn(end);
        builder.commitTimeMicros(commitTimeMicros);
        builder.firstOrdinal(firstOrdinal);
        builder.changeCount(changeCount);
    }

    private OpenTransaction transaction() {
        OpenTransaction transaction = open;
        if (transaction == null) {
            throw new IllegalStateException("no transaction is open");
        }
        return transaction;
    }
}
