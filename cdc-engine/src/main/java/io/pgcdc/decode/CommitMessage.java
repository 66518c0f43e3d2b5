package io.pgcdc.decode;

/**
 * Commit: the end of the transaction that Begin opened.
 *
 * <pre>
 *  0        1        2                 10                18                26
 *  +--------+--------+-----------------+-----------------+-----------------+
 *  | 'C'    | flags  | commit LSN      | end LSN         | commit time     |
 *  +--------+--------+-----------------+-----------------+-----------------+
 * </pre>
 */
public final class CommitMessage {

    private long commitLsn;
    private long endLsn;
    private long commitTimeMicros;

    CommitMessage read(MessageReader reader) {
        byte flags = reader.readByte();
        if (flags != 0) {
            throw reader.malformed("commit flags are " + flags + ", but the protocol defines none");
        }
        commitLsn = reader.readLong();
        endLsn = reader.readLong();
        commitTimeMicros = PgOutput.toUnixMicros(reader.readLong());
        reader.requireEnd();
        return this;
    }

    public long commitLsn() {
        return commitLsn;
    }

    /** Returns the LSN just after the commit record. It is acknowledged once the transaction is safe. */
    public long endLsn() {
        return endLsn;
    }

    /** Returns the commit time in microseconds since 1970-01-01 UTC. */
    public long commitTimeMicros() {
        return commitTimeMicros;
    }
}
