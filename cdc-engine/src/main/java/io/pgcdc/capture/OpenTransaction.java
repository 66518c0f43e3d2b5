package io.pgcdc.capture;

import io.pgcdc.decode.BeginMessage;
import io.pgcdc.decode.FrameHead;
import io.pgcdc.queue.SegmentBuilder;
import java.util.Arrays;

/**
 * A transaction whose Commit has not arrived yet: the facts that each of its parts in the queue needs. One object is used for all
 * transactions in turn. Capture thread.
 */
final class OpenTransaction {

    private static final byte[] NO_ORIGIN = {};

    private int xid;
    private long commitLsn;
    private long commitTimeMicros;

    /** True if a part of it is already in the queue. */
    private boolean continued;

    /** Ordinal of the current part's first change. */
    private long firstOrdinal;

    /** Changes in the current part. */
    private int changes;

    /** Oids of the tables whose layouts the current part has announced. Usually few, so a linear search is fast. */
    private int[] announced = new int[8];

    private int announcedCount;
    private byte[] origin = NO_ORIGIN;
    private long originLsn;

    void begin(BeginMessage begin) {
        xid = begin.xid();
        commitLsn = begin.commitLsn();
        commitTimeMicros = begin.commitTimeMicros();
        continued = false;
        firstOrdinal = 0;
        changes = 0;
        announcedCount = 0;
        origin = NO_ORIGIN;
    }

    /** Keeps the Origin message, because each further part repeats it. */
    void origin(FrameHead frame) {
        origin = Arrays.copyOfRange(frame.buffer(), frame.offset(), frame.offset() + frame.length());
        originLsn = frame.lsn();
    }

    /** Ends the current part. Adds the transaction's Origin, if it has one, to the next part. */
    void nextPart(SegmentBuilder next) {
        continued = true;
        firstOrdinal += changes;
        changes = 0;
        announcedCount = 0;
        if (origin.length > 0) {
            next.addFrame(originLsn, origin, 0, origin.length);
        }
    }

    void added(int moreChanges) {
        changes += moreChanges;
    }

    /** Notes that the current part announces the table's layout. Returns false if it has already done so. */
    boolean announce(int oid) {
        for (int i = 0; i < announcedCount; i++) {
            if (announced[i] == oid) {
                return false;
            }
        }
        if (announcedCount == announced.length) {
            announced = Arrays.copyOf(announced, 2 * announcedCount);
        }
        announced[announcedCount++] = oid;
        return true;
    }

    /** Makes the table's next row announce its layout again. */
    void layoutChanged(int oid) {
        for (int i = 0; i < announcedCount; i++) {
            if (announced[i] == oid) {
                announced[i] = announced[--announcedCount];
                return;
            }
        }
    }

    int xid() {
        return xid;
    }

    long commitLsn() {
        return commitLsn;
    }

    /** Returns the commit time in microseconds since 1970 UTC. */
    long commitTimeMicros() {
        return commitTimeMicros;
    }

    boolean continued() {
        return continued;
    }

    long firstOrdinal() {
        return firstOrdinal;
    }

    int changes() {
        return changes;
    }

    /** Returns true if neither this part nor an earlier one has a change. */
    boolean isEmpty() {
        return changes == 0 && !continued;
    }
}
