package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A transaction of the source, and the number of its records so far. For one thread. */
public final class TransactionCounts {

    private final int xid;
    private final int epoch;
    private final long commitLsn;
    private final long commitTimeMicros;
    private final Map<String, Long> counts;
    private long records;
    private boolean known;

    TransactionCounts(Change first) {
        xid = first.xid();
        epoch = first.epoch();
        commitLsn = first.commitLsn();
        commitTimeMicros = first.commitTimeMicros();
        counts = new LinkedHashMap<>();
    }

    private TransactionCounts(TransactionCounts other) {
        xid = other.xid;
        epoch = other.epoch;
        commitLsn = other.commitLsn;
        commitTimeMicros = other.commitTimeMicros;
        records = other.records;
        known = other.known;
        counts = new LinkedHashMap<>(other.counts);
    }

    TransactionCounts copy() {
        return new TransactionCounts(this);
    }

    boolean has(Change change) {
        return change.xid() == xid && change.commitLsn() == commitLsn && change.epoch() == epoch;
    }

    /**
     * Counts one more record.
     *
     * @param table the table's name; null for a message
     * @return the record's number among its table's records, from 1; always 1 for a message
     */
    long count(@Nullable String table) {
        records++;
        return table == null ? 1 : counts.merge(table, 1L, Long::sum);
    }

    /** Marks that the topics already have all records of the transaction. */
    void setKnown() {
        known = true;
    }

    boolean isKnown() {
        return known;
    }

    public int xid() {
        return xid;
    }

    public int epoch() {
        return epoch;
    }

    public long commitLsn() {
        return commitLsn;
    }

    public long commitTimeMicros() {
        return commitTimeMicros;
    }

    /** Returns the number of records so far, of tables and messages. */
    public long records() {
        return records;
    }

    /** Returns the number of records per table, in the order of the tables' first records. Does not contain messages. */
    public Map<String, Long> counts() {
        return counts;
    }
}
