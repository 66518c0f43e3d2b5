package io.pgcdc.snapshot;

import io.pgcdc.capture.RowKey;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** Keys of rows that have other keys since transactions that may not be durable yet, by table. One thread at a time. */
final class FormerKeys {

    /** By table and key: the index after which the latest of these transactions stands in the queue. */
    private final Map<Integer, Map<RowKey, Long>> keys = new HashMap<>();

    private final Map<Integer, Long> bytes = new HashMap<>();

    void add(int table, RowKey key, long after) {
        if (keys.computeIfAbsent(table, t -> new HashMap<>()).put(key, after) == null) {
            bytes.merge(table, IncompleteRows.bytes(key), Long::sum);
        }
    }

    void remove(int table) {
        keys.remove(table);
        bytes.remove(table);
    }

    void clear() {
        keys.clear();
        bytes.clear();
    }

    void keepTables(IntPredicate which) {
        keys.keySet().removeIf(table -> !which.test(table));
        bytes.keySet().retainAll(keys.keySet());
    }

    /** Forgets the keys of transactions that are durable up to an index. Returns true if there were any. */
    boolean durableThrough(long index) {
        boolean any = false;
        for (Integer table : Set.copyOf(keys.keySet())) {
            any |= durableThrough(table, index);
        }
        return any;
    }

    private boolean durableThrough(int table, long index) {
        Map<RowKey, Long> ofTable = keys.getOrDefault(table, new HashMap<>());
        int before = ofTable.size();
        ofTable.entrySet().removeIf(entry -> {
            boolean durable = entry.getValue() < index;
            if (durable) {
                bytes.merge(table, -IncompleteRows.bytes(entry.getKey()), Long::sum);
            }
            return durable;
        });
        boolean any = ofTable.size() < before;
        if (ofTable.isEmpty()) {
            remove(table);
        }
        return any;
    }

    /** Returns the bytes that a table's keys take in a ledger, at most. */
    long bytesOf(int table) {
        return bytes.getOrDefault(table, 0L);
    }

    /** Returns these keys together with others, by table. */
    Map<Integer, Set<RowKey>> with(Map<Integer, Set<RowKey>> others) {
        if (keys.isEmpty()) {
            return others;
        }
        Map<Integer, Set<RowKey>> all = new HashMap<>();
        others.forEach((table, rows) -> all.put(table, new LinkedHashSet<>(rows)));
        keys.forEach((table, rows) ->
                all.computeIfAbsent(table, t -> new LinkedHashSet<>()).addAll(rows.keySet()));
        return all;
    }
}
