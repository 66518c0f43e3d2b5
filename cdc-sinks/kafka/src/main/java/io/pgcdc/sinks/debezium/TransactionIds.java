package io.pgcdc.sinks.debezium;

/** Makes the ids of transactions: xid, colon, commit LSN, both decimal. Keeps the last one, which all its records share. For one thread. */
public final class TransactionIds {

    private String id = "";
    private int lastXid;
    private long lastCommitLsn;

    /** Creates it without an id. */
    public TransactionIds() {}

    public String of(int xid, long commitLsn) {
        if (id.isEmpty() || xid != lastXid || commitLsn != lastCommitLsn) {
            lastXid = xid;
            lastCommitLsn = commitLsn;
            id = Integer.toUnsignedString(xid) + ":" + commitLsn;
        }
        return id;
    }
}
