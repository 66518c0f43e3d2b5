package io.pgcdc.snapshot;

import io.pgcdc.capture.RowKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * A ledger's list of the rows that lack a value: they are read again by key. A row leaves the list when a chunk that has it whole is durable, or
 * when a change brings it whole or removes it. One thread at a time.
 */
final class RowList {

    /** If such a row was not read before, no sink has the value that its UPDATE lacks. */
    private final IncompleteRows incomplete = new IncompleteRows();

    /** By table: rows of the list that a chunk has whole which is not durable yet, with the number of the chunk. */
    private final Map<Integer, Map<RowKey, Integer>> leaving = new HashMap<>();

    private int chunksWithWhole;

    /**
     * Keys that rows of the list had before transactions that may not be durable yet. If a crash loses these, the server repeats them, and they
     * must find the rows on the list.
     */
    private final FormerKeys former = new FormerKeys();

    /** The list that the file had, while a start reads the queue. It may be of any place in there, so no row leaves it. */
    private final IncompleteRows kept = new IncompleteRows();

    /** Puts a row on the list. Returns true if it was not there. */
    boolean add(int table, RowKey key) {
        return incomplete.add(table, key);
    }

    /** Takes a row off the list, because the whole row was delivered, or is gone. Returns true if the list changed. */
    boolean complete(int table, RowKey key) {
        if (kept.of(table).contains(key)) {
            return false;
        }
        leaving.getOrDefault(table, new HashMap<>()).remove(key);
        return incomplete.remove(table, key);
    }

    /** Takes all rows of a table off the list, because they are gone. Returns true if the list changed. */
    boolean emptied(int table) {
        boolean any = false;
        for (RowKey key : Set.copyOf(incomplete.of(table))) {
            any |= complete(table, key);
        }
        return any;
    }

    /** Forgets a table that is begun again. */
    void again(int table) {
        kept.remove(table);
        former.remove(table);
        emptied(table);
    }

    /**
     * Notes that a chunk in the queue has these rows whole, or shows that they are gone.
     *
     * @return the chunk's number, for {@link #left} once the chunk is durable
     */
    int leaving(int table, Collection<RowKey> whole) {
        int chunk = ++chunksWithWhole;
        Map<RowKey, Integer> waiting = leaving.computeIfAbsent(table, t -> new HashMap<>());
        whole.forEach(key -> waiting.putIfAbsent(key, chunk));
        return chunk;
    }

    /** Takes the rows of a chunk that is durable off the list. Returns true if the list changed. */
    boolean left(int table, Collection<RowKey> whole, int chunk) {
        Map<RowKey, Integer> waiting = leaving.getOrDefault(table, new HashMap<>());
        boolean any = false;
        for (RowKey key : whole) {
            // if the row has gone since, another one may have its key now
            if (waiting.remove(key, chunk)) {
                any |= complete(table, key);
            }
        }
        return any;
    }

    /**
     * Notes that a row of the list has another key now.
     *
     * @param after index after which its transaction stands in the queue
     */
    void moved(int table, RowKey oldKey, long after) {
        former.add(table, oldKey, after);
    }

    /** Forgets the former keys whose transactions are durable up to an index. Returns true if there were any. */
    boolean durableThrough(long index) {
        return former.durableThrough(index);
    }

    /** Lets no row that is on the list now leave it, until {@link #endRecovery}. */
    void beginRecovery() {
        incomplete.all().forEach((table, rows) -> rows.forEach(key -> kept.add(table, key)));
    }

    void endRecovery() {
        kept.clear();
    }

    void keepTables(IntPredicate which) {
        incomplete.keepTables(which);
        former.keepTables(which);
    }

    void clear() {
        incomplete.clear();
        leaving.clear();
        former.clear();
    }

    boolean isEmpty() {
        return incomplete.all().isEmpty();
    }

    boolean contains(int table, RowKey key) {
        return incomplete.of(table).contains(key);
    }

    /** Returns how many rows of a table are on the list. */
    int count(int table) {
        return incomplete.of(table).size();
    }

    /** Returns the bytes that the rows of a table, and their former keys, take in the ledger's text. */
    long bytesOf(int table) {
        return incomplete.bytesOf(table) + former.bytesOf(table);
    }

    /** Returns some rows of a table, without those whose chunks are not durable yet. */
    Set<RowKey> some(int table, int limit) {
        Map<RowKey, Integer> not = leaving.getOrDefault(table, Map.of());
        return incomplete.of(table).stream()
                .filter(key -> !not.containsKey(key))
                .limit(limit)
                .collect(Collectors.toSet());
    }

    /** Returns the oids of the tables that have rows on the list. */
    Set<Integer> tables() {
        return incomplete.all().keySet();
    }

    /** Returns what the ledger's text holds, by table: the rows on the list, and former keys. */
    Map<Integer, Set<RowKey>> withFormerKeys() {
        return former.with(incomplete.all());
    }
}
