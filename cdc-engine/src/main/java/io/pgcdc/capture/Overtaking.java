package io.pgcdc.capture;

import io.pgcdc.model.Lsn;
import io.pgcdc.model.Relation;
import io.pgcdc.model.SeenTransactions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which rows the stream has changed, to find the rows of a chunk that are outdated: a change came before them. A change overtakes a
 * chunk if its transaction is not visible in the chunk's snapshot, wherever it stands in the stream. That is more than the changes between two
 * watermarks (the method of DBLog, Andreakis and Papapanagiotou, 2020): with a synchronous standby, the stream brings a commit before any query
 * sees it.
 *
 * <p>Bounded: beyond the limit it remembers only that the table has changed, and the chunk is read again. Capture thread.
 */
final class Overtaking {

    /** The memory that keys may take. */
    private static final int MOST_BYTES = 16 << 20;

    /** Transactions that are noted at most. Windows that do not see later ones are read again. */
    private static final int MOST_TRANSACTIONS = 20_000;

    /** What one transaction did to one table. */
    private static final class TableChanges {
        final Set<RowKey> keys = new HashSet<>();
        boolean truncated;

        /** True if rows were changed whose keys are not in the set. */
        boolean unknown;
    }

    private record Delivered(int xid, Map<Integer, TableChanges> tables) {}

    /** A row of a chunk. */
    private final KeyedChange stored = new KeyedChange();

    private final RecentTransactions recent = new RecentTransactions();
    private final List<Delivered> delivered = new ArrayList<>();
    private Set<Integer> watched = Set.of();

    /** Transactions that came before this began to watch. What they changed is not known. */
    private Set<Integer> before = Set.of();

    private @Nullable Delivered current;

    /** 0: no transaction is open. */
    private int currentXid;

    private int bytes;

    /**
     * A new connection begins.
     *
     * @param nextXid the server's next transaction id when it was made
     */
    void connected(int nextXid) {
        recent.connected(nextXid);
        currentXid = 0;
        forget();
    }

    /**
     * Sets whose rows to note.
     *
     * @param tables oids
     */
    void watch(Set<Integer> tables) {
        if (!tables.equals(watched)) {
            watched = tables;
            forget();
        }
    }

    private void forget() {
        delivered.clear();
        current = null;
        bytes = 0;
        before = recent.known();
    }

    void begin(int xid) {
        currentXid = xid;
        current = null;
    }

    /** Returns true if changes of the table are to be noted. */
    boolean watches(int oid) {
        return !watched.isEmpty() && watched.contains(oid);
    }

    /** Notes a changed row of a watched table. */
    void row(KeyedChange change, int oid) {
        TableChanges changes = changes(oid);
        if (!change.isKnown()) {
            changes.unknown = true;
            release(changes);
        }
        note(changes, change.newKey());
        note(changes, change.oldKey());
    }

    /** Notes that the rows of a table have another key from now on, perhaps: what is noted cannot be compared any more. */
    void unknown(int oid) {
        for (Delivered transaction : delivered) {
            TableChanges changes = transaction.tables().get(oid);
            if (changes != null) {
                changes.unknown = true;
                release(changes);
            }
        }
        if (watches(oid) && currentXid != 0) {
            changes(oid).unknown = true;
        }
    }

    /** Notes that a watched table was emptied. */
    void truncated(int oid) {
        changes(oid).truncated = true;
    }

    private void note(TableChanges changes, @Nullable RowKey key) {
        if (key == null || changes.unknown) {
            return;
        }
        if (bytes > MOST_BYTES) {
            changes.unknown = true;
            release(changes);
        } else if (changes.keys.add(key)) {
            bytes += key.size();
        }
    }

    private void release(TableChanges changes) {
        changes.keys.forEach(key -> bytes -= key.size());
        changes.keys.clear();
    }

    private TableChanges changes(int oid) {
        Delivered now = current;
        if (now == null) {
            now = new Delivered(currentXid, new HashMap<>());
            current = now;
        }
        return now.tables().computeIfAbsent(oid, o -> new TableChanges());
    }

    void commit() {
        recent.delivered(currentXid);
        Delivered now = current;
        current = null;
        currentXid = 0;
        if (now != null) {
            delivered.add(now);
        }
        if (delivered.size() > MOST_TRANSACTIONS || bytes > MOST_BYTES) {
            forget(); // windows that do not see the latest transactions are read again
        }
    }

    /** Returns true if it is known which of a window's rows are outdated. If not, its range is to be read again later. */
    boolean knows(Window window) {
        SeenTransactions seen = window.seen();
        // a transaction may have come before, and not be visible yet; the newest ones are not in the list of those that
        // run
        if (!before.stream().allMatch(seen::sees)) {
            return false;
        }
        for (int xid : seen.running()) {
            if (recent.isUnknown(xid) && !isNoted(xid)) {
                return false;
            }
        }
        int oid = window.chunk().relation().oid();
        return delivered.stream().noneMatch(transaction -> {
            TableChanges changes = transaction.tables().get(oid);
            return changes != null && changes.unknown && !seen.sees(transaction.xid());
        });
    }

    private boolean isNoted(int xid) {
        return delivered.stream().anyMatch(transaction -> transaction.xid() == xid);
    }

    /**
     * Removes the outdated rows. {@link #knows} must have said true.
     *
     * @return the keys of all outdated rows of the table, also of those that the window does not have; null: all are outdated
     */
    @Nullable
    Set<RowKey> removeOutdated(Window window) {
        Relation relation = window.chunk().relation();
        ChunkRows rows = window.chunk().rows();
        Set<RowKey> outdated = new HashSet<>();
        for (Delivered transaction : delivered) {
            TableChanges changes = transaction.tables().get(relation.oid());
            if (changes == null || window.seen().sees(transaction.xid())) {
                continue;
            }
            if (changes.truncated) {
                rows.clear();
                return null;
            }
            outdated.addAll(changes.keys);
        }
        if (!outdated.isEmpty()) {
            rows.removeIf((buffer, offset, length) -> {
                RowKey key = stored.read(buffer, offset, length, Lsn.INVALID, relation)
                        .newKey();
                return key != null && outdated.contains(key);
            });
        }
        return outdated;
    }

    /**
     * Forgets transactions that all later windows see.
     *
     * @param seen by a window; later snapshots see all of it, and more
     * @param open what the open windows see
     */
    void forgetSeen(SeenTransactions seen, List<SeenTransactions> open) {
        delivered.removeIf(transaction -> {
            int xid = transaction.xid();
            boolean needless = seen.sees(xid) && open.stream().allMatch(other -> other.sees(xid));
            if (needless) {
                transaction.tables().values().forEach(this::release);
            }
            return needless;
        });
    }
}
