package io.pgcdc.model;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The transactions that a statement of the server sees, by its snapshot (PostgreSQL documentation, "System Information Functions",
 * {@code pg_snapshot}): {@code xmin:xmax:running,running,…}. Every transaction below xmax has ended, except the running ones.
 *
 * <p>The stream has only the low 32 bits of transaction ids. An id at xmax or less than 2^24 ahead of it has not ended. An id
 * further ahead has ended: it is from an earlier wraparound, or from another history.
 */
public final class SeenTransactions {

    /** More transactions than any server runs at once. */
    private static final int FAR_AHEAD = 1 << 24;

    private static final int NONE = 0;

    private final int xmax;
    private final Set<Integer> running = new HashSet<>();

    private SeenTransactions(int xmax) {
        this.xmax = xmax;
    }

    /**
     * Parses a snapshot.
     *
     * @param snapshot as pg_current_snapshot() prints it
     */
    public static SeenTransactions parse(String snapshot) {
        String[] parts = snapshot.split(":", -1);
        SeenTransactions seen = new SeenTransactions(low(parts[1]));
        for (String id : parts[2].split(",", -1)) {
            if (!id.isEmpty()) {
                seen.running.add(low(id));
            }
        }
        return seen;
    }

    private static int low(String id) {
        return (int) Long.parseUnsignedLong(id);
    }

    /** Returns the transactions that were running, as the low 32 bits of their ids. */
    public Set<Integer> running() {
        return Collections.unmodifiableSet(running);
    }

    /**
     * Returns whether a statement with this snapshot sees what the transaction did.
     *
     * @param xid low 32 bits of the id of a transaction from the stream: it has committed, or is about to. 0, which
     *     stands for no transaction, is seen: a row of a snapshot has it
     */
    public boolean sees(int xid) {
        boolean ahead = Integer.compareUnsigned(xid - xmax, FAR_AHEAD) < 0;
        return xid == NONE || (!ahead && !running.contains(xid));
    }
}
