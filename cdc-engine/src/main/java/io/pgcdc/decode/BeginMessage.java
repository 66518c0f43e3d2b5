package io.pgcdc.decode;

/**
 * Begin: a transaction's changes follow, up to its Commit.
 *
 * <pre>
 *  0        1                 9                 17        21
 *  +--------+-----------------+-----------------+---------+
 *  | 'B'    | commit LSN      | commit time     | xid     |
 *  +--------+-----------------+-----------------+---------+
 * </pre>
 */
public final class BeginMessage {

    private long commitLsn;
    private long commitTimeMicros;
    private int xid;

    BeginMessage read(MessageReader reader) {
        commitLsn = reader.readLong();
        commitTimeMicros = PgOutput.toUnixMicros(reader.readLong());
        xid = reader.readInt();
        reader.requireEnd();
        return this;
    }

    /** Returns the LSN of the commit record. The documentation calls it the final LSN of the transaction. */
    public long commitLsn() {
        return commitLsn;
    }

    /** Returns the commit time in microseconds since 1970-01-01 UTC. */
    public long commitTimeMicros() {
        return commitTimeMicros;
    }

    public int xid() {
        return xid;
    }
}
