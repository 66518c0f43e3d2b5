package io.pgcdc.capture;

import java.util.HashSet;
import java.util.Set;

/**
 * The latest transactions of the stream. A transaction that the stream has brought may still be invisible to queries, because its commit waits
 * for a synchronous standby. Capture thread.
 */
final class RecentTransactions {

    private static final int SIZE = 1 << 12;

    private final int[] xids = new int[SIZE];
    private long count;

    /** The stream may have brought any transaction before this one, on an earlier connection. */
    private int unknownBefore;

    /**
     * Forgets all: a connection begins.
     *
     * @param nextXid the server's next transaction id when the connection was made
     */
    void connected(int nextXid) {
        count = 0;
        unknownBefore = nextXid;
    }

    void delivered(int xid) {
        int slot = (int) (count++ & (SIZE - 1));
        if (count > SIZE && isBefore(unknownBefore, xids[slot] + 1)) {
            unknownBefore = xids[slot] + 1;
        }
        xids[slot] = xid;
    }

    /** Returns the transactions that it knows. */
    Set<Integer> known() {
        Set<Integer> known = new HashSet<>();
        for (int i = 0; i < Math.min(count, SIZE); i++) {
            known.add(xids[i]);
        }
        return known;
    }

    /** Returns true if the stream may have brought the transaction before the ones that are known here. */
    boolean isUnknown(int xid) {
        return isBefore(xid, unknownBefore);
    }

    /** Compares by distance, because ids wrap around. */
    private static boolean isBefore(int xid, int other) {
        return xid - other < 0;
    }
}
