package io.pgcdc.model;

import java.util.HashSet;
import java.util.Set;

/**
 * Which transactions a statement of the server sees, by its snapshot (PostgreSQL documentation, "System Information Functions",
 * {@code pg_snapshot}): {@code xmin:xmax:running,running,…}. All below xmax have ended but for those that run.
 *
 * <p>The stream has the low 32 bits of transaction ids. One at xmax or a little ahead of it has not ended. One that is far ahead has: it is of an earlier round of
 * ids, or of another history.
 */
public final class SeenTransactions {

    /** More than any server has running beyond the last one that ended. */
    private static final int FAR_AHEAD = 1 << 24;

    private final int xmax;
    private final Set<Integer> running = new HashSet<>();

    private SeenTransactions(int xmax) {
        this.xmax = xmax;
    }

    /**
     * Reads a snapshot.
     *
     * @param snapshot as the server prints pg_current_snapshot()
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

    /**
     * Tells whether a statement with this snapshot sees what the transaction did.
     *
     * @param xid low 32 bits of the id of a transaction that was sent, so that it has committed or is about to
     */
    public boolean sees(int xid) {
        boolean ahead = Integer.compareUnsigned(xid - xmax, FAR_AHEAD) < 0;
        return !ahead && !running.contains(xid);
    }
}
