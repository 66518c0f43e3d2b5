package io.pgcdc.json.record;

import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.value.IsoTime;
import io.pgcdc.model.Change;

/** The texts that all native records of one transaction share. Written at its first change. Belongs to one thread. */
final class NativeTransaction {

    private static final byte[] POSITION = Ascii.bytes("{\"position\":\"");
    private static final byte[] CHANGED_AT = Ascii.bytes(",\"changed_at\":\"");
    private static final byte[] XID = Ascii.bytes("\",\"xid\":");
    private static final byte[] LSN = Ascii.bytes(",\"lsn\":\"");

    // {"position":"0/1A2B3C8:    followed by the ordinal
    private final JsonBuffer head = new JsonBuffer(64, Integer.MAX_VALUE);

    // ,"changed_at":"2026-01-02T03:04:05.678901Z","xid":771,"lsn":"    followed by the LSN
    private final JsonBuffer tail = new JsonBuffer(128, Integer.MAX_VALUE);

    private long commitLsn;
    private long commitTimeMicros;
    private int xid;

    NativeTransaction() {
        write();
    }

    /** Writes head and tail, unless they are those of the change's transaction. */
    void of(Change change) {
        // a message outside a transaction differs from a transaction in its xid
        if (change.commitLsn() != commitLsn || change.commitTimeMicros() != commitTimeMicros || change.xid() != xid) {
            commitLsn = change.commitLsn();
            commitTimeMicros = change.commitTimeMicros();
            xid = change.xid();
            write();
        }
    }

    private void write() {
        head.clear();
        head.append(POSITION).appendLsn(commitLsn).appendByte(':');
        tail.clear();
        IsoTime.append(commitTimeMicros, tail.append(CHANGED_AT));
        if (xid == 0) {
            tail.appendByte('"');
        } else {
            tail.append(XID).appendLong(Integer.toUnsignedLong(xid));
        }
        tail.append(LSN);
    }

    void appendHead(JsonBuffer out) {
        out.append(head.array(), 0, head.length());
    }

    void appendTail(JsonBuffer out) {
        out.append(tail.array(), 0, tail.length());
    }
}
