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

    private final Ledger ledger;
    private final int most;

    /** By table and key: true if the sinks have the whole row, or it is gone; false if a change lacked a value of it. */
    private final Map<Integer, Map<RowKey, Boolean>> rows = new HashMap<>();

    /** By table: what the keys of rows that lack a value take in the ledger. */
    private final Map<Integer, Long> bytes = new HashMap<>();

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
        emptied.clear();
        tooMany.clear();
    }

    void changed(int table, KeyedChange change) {
        if (tooMany.contains(table)) {
            return;
        }
        RowKey now = change.newKey();
        RowKey old = change.oldKey();
        if (old != null && !old.equals(now)) {
            whole(table, old);
        }
        if (now != null && change.isWhole()) {
            whole(table, now);
        } else if (now != null && ledger.isMissing(table, now)) {
            Map<RowKey, Boolean> ofTable = rows.computeIfAbsent(table, t -> new HashMap<>());
            // who has the whole row keeps a value that is not sent
            boolean added = ofTable.putIfAbsent(now, false) == null;
            long size = bytes.merge(table, added ? IncompleteRows.bytes(now) : 0, Long::sum);
            if (isTooMuch(ofTable.size(), size)) {
                tooMany.add(table);
                rows.remove(table);
            }
        }
    }

    private boolean isTooMuch(int count, long keyBytes) {
        return count > most || keyBytes > ledger.maxIncompleteBytes();
    }

    private void whole(int table, RowKey key) {
        Map<RowKey, Boolean> ofTable = rows.get(table);
        if (ofTable != null && ofTable.containsKey(key)) {
            ofTable.put(key, true);
        } else if (ledger.isIncomplete(table, key)) {
            rows.computeIfAbsent(table, t -> new HashMap<>()).put(key, true);
        }
    }

    void truncated(int table) {
        rows.remove(table);
        bytes.remove(table);
        emptied.add(table);
    }

    /** The transaction has committed. Returns the tables that the ledger begins again. */
    Set<Integer> committed() {
        emptied.forEach(ledger::emptied);
        rows.forEach((table, ofTable) -> {
            ofTable.forEach((key, whole) -> {
                if (whole) {
                    ledger.complete(table, key);
                } else {
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
