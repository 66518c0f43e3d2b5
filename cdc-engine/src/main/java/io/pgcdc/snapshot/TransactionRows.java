package io.pgcdc.snapshot;

import io.pgcdc.capture.KeyedChange;
import io.pgcdc.capture.RowKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one transaction means for the ledger's list of incomplete rows. It counts when the transaction commits. Bounded in rows and in the bytes of
 * their keys: a table of which too many rows are incomplete is begun again. One thread at a time.
 */
final class TransactionRows {

    private enum State {
        /** The sinks have the whole row, or it is gone. */
        WHOLE,
        /** A change lacked a value of it. */
        INCOMPLETE,
        /** So it is, and another row had its key when the transaction began. */
        OTHER_INCOMPLETE
    }

    private final Ledger ledger;
    private final int most;

    /** By table and key. */
    private final Map<Integer, Map<RowKey, State>> rows = new HashMap<>();

    /** By table: what the keys of rows that lack a value take in the ledger. */
    private final Map<Integer, Long> bytes = new HashMap<>();

    /** By table: keys that incomplete rows had before. */
    private final Map<Integer, Set<RowKey>> former = new HashMap<>();

    private final Set<Integer> emptied = new HashSet<>();
    private final Set<Integer> tooMany = new HashSet<>();

    /**
     * Notes nothing yet.
     *
     * @param most rows of a table that may be incomplete
     */
    TransactionRows(Ledger ledger, int most) {
        this.ledger = ledger;
        this.most = most;
    }

    /** A transaction begins. An earlier one that has not committed was cut off. */
    void begun() {
        rows.clear();
        bytes.clear();
        former.clear();
        emptied.clear();
        tooMany.clear();
    }

    void changed(int table, KeyedChange change) {
        if (tooMany.contains(table)) {
            return;
        }
        RowKey now = change.newKey();
        RowKey old = change.oldKey();
        RowKey before = old == null ? now : old;
        // a value that is not sent is the one that the row had under its old key
        boolean lacks = before != null && !change.isWhole() && isMissing(table, before);
        if (old != null && !old.equals(now)) {
            if (lacks && ledger.isIncomplete(table, old)) {
                former.computeIfAbsent(table, t -> new HashSet<>()).add(old);
            }
            whole(table, old);
        }
        if (now != null && lacks) {
            incomplete(table, now);
        } else if (now != null) {
            whole(table, now);
        }
    }

    private boolean isMissing(int table, RowKey key) {
        State state = rows.getOrDefault(table, Map.of()).get(key);
        return state == null ? ledger.isMissing(table, key) : state != State.WHOLE;
    }

    private void incomplete(int table, RowKey key) {
        Map<RowKey, State> ofTable = rows.computeIfAbsent(table, t -> new HashMap<>());
        State before = ofTable.putIfAbsent(key, State.INCOMPLETE);
        if (before == State.WHOLE) {
            ofTable.put(key, State.OTHER_INCOMPLETE);
        }
        long size = bytes.merge(table, before == null ? IncompleteRows.bytes(key) : 0, Long::sum);
        if (isTooMuch(ofTable.size(), size)) {
            tooMany.add(table);
            rows.remove(table);
        }
    }

    private boolean isTooMuch(int count, long keyBytes) {
        return count > most || keyBytes > ledger.maxIncompleteBytes();
    }

    private void whole(int table, RowKey key) {
        Map<RowKey, State> ofTable = rows.get(table);
        if (ofTable != null && ofTable.containsKey(key)) {
            ofTable.put(key, State.WHOLE);
        } else if (ledger.isIncomplete(table, key)) {
            rows.computeIfAbsent(table, t -> new HashMap<>()).put(key, State.WHOLE);
        }
    }

    void truncated(int table) {
        rows.remove(table);
        bytes.remove(table);
        emptied.add(table);
    }

    /**
     * The transaction has committed.
     *
     * @param after index after which it stands in the queue
     * @return the tables that the ledger begins again
     */
    Set<Integer> committed(long after) {
        former.forEach((table, keys) -> keys.forEach(key -> ledger.moved(table, key, after)));
        emptied.forEach(ledger::emptied);
        rows.forEach((table, ofTable) -> {
            ofTable.forEach((key, state) -> {
                if (state != State.INCOMPLETE) {
                    ledger.complete(table, key);
                }
                if (state != State.WHOLE) {
                    ledger.incomplete(table, key);
                }
            });
            if (isTooMuch(ledger.countIncomplete(table), ledger.incompleteBytes(table))) {
                tooMany.add(table);
            }
        });
        Set<Integer> again = Set.copyOf(tooMany);
        again.forEach(ledger::again);
        begun();
        return again;
    }
}
