package io.pgcdc.snapshot;

import io.pgcdc.capture.RowKey;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Keys of rows that an UPDATE has changed without sending an unchanged value from TOAST, by table, in the order in which they came. Knows how many
 * bytes a ledger needs for them. One thread at a time.
 */
final class IncompleteRows {

    /** A line's word, oid, blanks and line feed, which takes two bytes in JSON. */
    private static final long LINE_BYTES = 24;

    private final Map<Integer, Set<RowKey>> keys = new HashMap<>();
    private final Map<Integer, Long> bytes = new HashMap<>();

    /** Returns the bytes that a key takes in a ledger, at most. */
    static long bytes(RowKey key) {
        return LINE_BYTES + key.hexLength();
    }

    /** Returns true if the row was not there. */
    boolean add(int table, RowKey key) {
        boolean added = keys.computeIfAbsent(table, t -> new LinkedHashSet<>()).add(key);
        if (added) {
            bytes.merge(table, bytes(key), Long::sum);
        }
        return added;
    }

    /** Returns true if the row was there. */
    boolean remove(int table, RowKey key) {
        Set<RowKey> ofTable = keys.get(table);
        if (ofTable == null || !ofTable.remove(key)) {
            return false;
        }
        bytes.merge(table, -bytes(key), Long::sum);
        if (ofTable.isEmpty()) {
            remove(table);
        }
        return true;
    }

    /** Removes a table's rows. Returns true if there were any. */
    boolean remove(int table) {
        bytes.remove(table);
        return keys.remove(table) != null;
    }

    void keepTables(IntPredicate which) {
        keys.keySet().removeIf(table -> !which.test(table));
        bytes.keySet().retainAll(keys.keySet());
    }

    void clear() {
        keys.clear();
        bytes.clear();
    }

    /** Returns a table's rows; empty if there are none. */
    Set<RowKey> of(int table) {
        return keys.getOrDefault(table, Set.of());
    }

    /** Returns the bytes that a table's rows take in a ledger, at most. */
    long bytesOf(int table) {
        return bytes.getOrDefault(table, 0L);
    }

    /** Returns all rows, by table. A table that is there has at least one. */
    Map<Integer, Set<RowKey>> all() {
        return keys;
    }
}
