package io.pgcdc.connect.task;

/** The metrics of a source in JMX: {@code io.pgcdc.connect:type=source,connector=NAME,source=NAME}. LSNs are text, as PostgreSQL prints them. */
public interface SourceMetricsMXBean {

    /** Returns the state of the pipeline: STARTING, RUNNING, FAILED and so on. */
    String getState();

    /** Returns true if there is a replication connection at this moment. */
    boolean isConnected();

    /** Returns why the source cannot be read at the moment; empty: it can. */
    String getTrouble();

    /** Returns how often the pipeline was started again in this task, after an error that may pass. */
    long getRestarts();

    /** Returns the changes, and rows of snapshots, that were received in this task. */
    long getChanges();

    /** Returns the average of the last ten seconds. */
    double getChangesPerSecond();

    /** Returns the greatest LSN that was received. */
    String getReceivedLsn();

    /** Returns the LSN that the offset acknowledges, as Kafka Connect has committed it. */
    String getCommittedLsn();

    /** Returns the LSN up to which the server was told that it may forget the WAL. */
    String getAcknowledgedLsn();

    /** Returns the bytes of WAL between the committed offset and the end of the server's WAL; -1: not known. */
    long getLagBytes();

    /** Returns the bytes of WAL that the slot holds on the server; -1: not known. */
    long getSlotRetainedBytes();

    /** Returns wal_status of the slot: reserved, extended, unreserved or lost; empty: not known. */
    String getSlotWalStatus();

    /** Returns the bytes of changes that wait in memory. */
    long getWaitingBytes();

    /** Returns the snapshots of this task, one line each; empty: there was none. */
    String getSnapshots();
}
