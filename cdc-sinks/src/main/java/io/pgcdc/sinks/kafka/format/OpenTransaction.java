package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
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
    private Position last;
    private long records;
    private boolean known;

    OpenTransaction(Change first) {
        xid = first.xid();
        epoch = first.epoch();
        commitLsn = first.commitLsn();
        commitTimeMicros = first.commitTimeMicros();
        last = first.position();
        counts = new LinkedHashMap<>();
    }

    private OpenTransaction(OpenTransaction other) {
        xid = other.xid;
        epoch = other.epoch;
        commitLsn = other.commitLsn;
        commitTimeMicros = other.commitTimeMicros;
        last = other.last;
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
    long count(Change change, @Nullable String table) {
        last = change.position();
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

    long commitLsn() {
        return commitLsn;
    }

    long commitTimeMicros() {
        return commitTimeMicros;
    }

    /** Of the last change that was counted. */
    Position last() {
        return last;
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
