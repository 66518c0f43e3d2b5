package io.pgcdc.capture;

import io.pgcdc.decode.BeginMessage;
import io.pgcdc.decode.CommitMessage;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.RelationVersionFrame;
import io.pgcdc.queue.SegmentBuffer;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentStore;
import java.util.Arrays;

/**
 * The segment being filled. Small transactions share it; it is closed when it is full, or when nothing more waits to be read. A
 * transaction that does not fit is cut: what stood before it becomes a segment of its own, and it goes on as first, middle …, last.
 * Each transaction, and each part of one, names the relation versions of its rows before their first use. Capture thread.
 */
public final class OpenSegment {

    private final SegmentStore store;
    private final QueueProgress progress;
    private final int targetBytes;
    private final int targetChanges;
    private final int epoch;
    private final SegmentBuffer buffer = new SegmentBuffer();
    private final byte[] scratch = new byte[RelationVersionFrame.LENGTH];

    /** Oids of the relations announced for the open transaction in this segment; a handful. */
    private int[] announced = new int[8];

    private int announcedCount;

    /** Mark of an empty buffer. */
    private int start;

    // the whole transactions in the segment
    private int wholeChanges;
    private int wholeTransactions;
    private int lastXid;
    private long firstCommitLsn;
    private long lastCommitLsn;
    private long endLsn;
    private long lastCommitTimeMicros;

    // the open transaction
    private boolean open;
    private boolean continued;
    private int beginMark;
    private int xid;
    private long commitLsn;
    private long commitTimeMicros;
    private long firstOrdinal;
    private int changes;
    private byte[] originFrame = {};
    private long originLsn;

    public OpenSegment(SegmentStore store, QueueProgress progress, int targetBytes, int targetChanges, int epoch) {
        this.store = store;
        this.progress = progress;
        this.targetBytes = targetBytes;
        this.targetChanges = targetChanges;
        this.epoch = epoch;
        startSegment();
    }

    private void startSegment() {
        buffer.begin();
        start = buffer.end();
        wholeChanges = 0;
        wholeTransactions = 0;
        announcedCount = 0;
    }

    void begin(BeginMessage begin, long lsn, byte[] bytes, int offset, int length) {
        open = true;
        continued = false;
        beginMark = buffer.end();
        announcedCount = 0;
        xid = begin.xid();
        commitLsn = begin.commitLsn();
        commitTimeMicros = begin.commitTimeMicros();
        firstOrdinal = 0;
        changes = 0;
        originFrame = new byte[0];
        buffer.addFrame(lsn, bytes, offset, length);
    }

    /** Kept, because each further part of the transaction repeats it. */
    void origin(long lsn, byte[] bytes, int offset, int length) {
        originFrame = Arrays.copyOfRange(bytes, offset, offset + length);
        originLsn = lsn;
        buffer.addFrame(lsn, bytes, offset, length);
    }

    /** The relation's layout changed: the next row names its new version. */
    void relationChanged(int oid) {
        for (int i = 0; i < announcedCount; i++) {
            if (announced[i] == oid) {
                announced[i] = announced[--announcedCount];
                return;
            }
        }
    }

    /** Names the relation's version, if this part of the transaction has not named it yet. To be called after {@link #makeRoom}. */
    void announce(long lsn, Relation relation) {
        int oid = relation.oid();
        for (int i = 0; i < announcedCount; i++) {
            if (announced[i] == oid) {
                return;
            }
        }
        if (announcedCount == announced.length) {
            announced = Arrays.copyOf(announced, 2 * announcedCount);
        }
        announced[announcedCount++] = oid;
        RelationVersionFrame.add(buffer, lsn, oid, relation.version(), scratch);
    }

    /** A message that carries so many changes. */
    void add(long lsn, byte[] bytes, int offset, int length, int count) {
        buffer.addFrame(lsn, bytes, offset, length);
        changes += count;
    }

    /** Closes what is full, so that a message of this length can be added. */
    void makeRoom(int length) {
        if (hasRoom(length)) {
            return;
        }
        if (wholeChanges > 0) {
            closeWhole(beginMark);
        }
        if (changes > 0 && !hasRoom(length)) {
            closePart(continued ? SegmentKind.MIDDLE : SegmentKind.FIRST, Lsn.INVALID);
            continued = true;
            if (originFrame.length > 0) {
                buffer.addFrame(originLsn, originFrame, 0, originFrame.length);
            }
        }
    }

    private boolean hasRoom(int length) {
        return buffer.framesBytes() + length <= targetBytes && wholeChanges + changes < targetChanges;
    }

    /** Ends the transaction. False when it brought no change, and leaves no trace. */
    boolean commit(CommitMessage commit, long lsn, byte[] bytes, int offset, int length) {
        open = false;
        if (changes == 0 && !continued) {
            buffer.truncate(beginMark);
            return false;
        }
        buffer.addFrame(lsn, bytes, offset, length);
        if (continued) {
            closePart(SegmentKind.LAST, commit.endLsn());
            return true;
        }
        if (wholeChanges == 0) {
            firstCommitLsn = commitLsn;
        }
        wholeChanges += changes;
        wholeTransactions++;
        lastXid = xid;
        lastCommitLsn = commitLsn;
        endLsn = commit.endLsn();
        lastCommitTimeMicros = commitTimeMicros;
        if (buffer.framesBytes() >= targetBytes || wholeChanges >= targetChanges) {
            closeWhole(buffer.end());
        }
        return true;
    }

    /** A message that belongs to no transaction: a segment of its own. It ends at its own LSN, where the next commit may begin. */
    void message(long messageLsn, long sentMicros, long lsn, byte[] bytes, int offset, int length) {
        closeIfWhole();
        buffer.addFrame(lsn, bytes, offset, length);
        header(0, messageLsn, messageLsn, messageLsn, sentMicros, Position.MESSAGE_ORDINAL, 1);
        buffer.seal(SegmentKind.MESSAGE);
        progress.appended(store.append(buffer), Lsn.INVALID, messageLsn);
        startSegment();
    }

    /** Whole transactions that wait to be handed over. */
    int wholeTransactions() {
        return wholeTransactions;
    }

    /** Hands over the whole transactions, if there are any. */
    void closeIfWhole() {
        if (wholeChanges > 0) {
            closeWhole(open ? beginMark : buffer.end());
        }
    }

    /** The rest of the open transaction will not come on this connection: what is stored of it stays without an end. */
    void discardOpenTransaction() {
        if (open) {
            open = false;
            if (continued) {
                startSegment();
            } else {
                buffer.truncate(beginMark);
            }
        }
    }

    private void closeWhole(int mark) {
        header(lastXid, firstCommitLsn, lastCommitLsn, endLsn, lastCommitTimeMicros, 0, wholeChanges);
        buffer.seal(SegmentKind.TRANSACTIONS, mark);
        progress.appended(store.append(buffer), lastCommitLsn, endLsn);
        // what stands behind the mark is the open transaction, with all that it announced
        buffer.keepFrom(mark);
        beginMark = start;
        wholeChanges = 0;
        wholeTransactions = 0;
    }

    private void closePart(SegmentKind kind, long partEndLsn) {
        header(xid, commitLsn, commitLsn, partEndLsn, commitTimeMicros, firstOrdinal, changes);
        buffer.seal(kind);
        long index = store.append(buffer);
        if (kind == SegmentKind.LAST) {
            progress.appended(index, commitLsn, partEndLsn);
        }
        firstOrdinal += changes;
        changes = 0;
        startSegment();
    }

    private void header(
            int headerXid, long first, long last, long end, long timeMicros, long ordinal, int changeCount) {
        buffer.epoch(epoch);
        buffer.xid(headerXid);
        buffer.firstCommitLsn(first);
        buffer.lastCommitLsn(last);
        buffer.lastCommitEndLsn(end);
        buffer.commitTimeMicros(timeMicros);
        buffer.firstOrdinal(ordinal);
        buffer.changeCount(changeCount);
    }
}
