package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A transaction of the source, and what it has brought so far. One thread. */
final class OpenTransaction {

    private final int xid;
    private final int epoch;
    private final long commitLsn;
    private final long commitTimeMicros;
    private final Map<String, Long> counts;
    private long records;
    private boolean known;

    OpenTransaction(Change first) {
        xid = first.xid();
        epoch = first.epoch();
        commitLsn = first.commitLsn();
        commitTimeMicros = first.commitTimeMicros();
        counts = new LinkedHashMap<>();
    }

    private OpenTransaction(OpenTransaction other) {
        xid = other.xid;
        epoch = other.epoch;
        commitLsn = other.commitLsn;
        commitTimeMicros = other.commitTimeMicros;
        records = other.records;
        known = other.known;
        counts = new LinkedHashMap<>(other.counts);
    }

    OpenTransaction copy() {
        return new OpenTransaction(this);
    }

    boolean has(Change change) {
        return change.xid() == xid && change.commitLsn() == commitLsn && change.epoch() == epoch;
    }

    /**
     * One more record.
     *
     * @param table null: it is of a message
     * @return which one of its table it is, from 1; of messages each is the first
     */
    long count(@Nullable String table) {
        records++;
        return table == null ? 1 : counts.merge(table, 1L, Long::sum);
    }

    /** The topics have it to its end. */
    void setKnown() {
        known = true;
    }

    boolean isKnown() {
        return known;
    }

    int xid() {
        return xid;
    }

    int epoch() {
        return epoch;
    }

    long commitLsn() {
        return commitLsn;
    }

    long commitTimeMicros() {
        return commitTimeMicros;
    }

    /** How many there are. */
    long records() {
        return records;
    }

    /** By table, in the order of their first records; messages are in none. */
    Map<String, Long> counts() {
        return counts;
    }
}
