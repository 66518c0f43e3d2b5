package io.pgcdc.sinks.postgres.transaction;

/**
 * Decides how many transactions of the source one transaction of the target contains. The target keeps a lock for each table that a
 * transaction writes or creates until it ends, and has room for a limited number of locks ({@code max_locks_per_transaction}). If it
 * runs out of room, groups become smaller, at last one transaction of the source. Later they grow again. Pure; for one thread.
 */
final class CommitGroup {

    /** SQLSTATE out_of_memory: the server has no room for another lock, or no memory. */
    static final String OUT_OF_MEMORY = "53200";

    /** A created table takes about four locks. A server with default settings has room for 6,400. */
    static final int MOST_TABLES = 500;

    private static final int SHRINKS_BY = 8;

    /** Number of commits after which a smaller group grows again. */
    private static final int GROWS_AFTER = 100;

    private int most = Integer.MAX_VALUE;

    /** The source's transactions that are complete in the open transaction. */
    private int transactions;

    private int commits;

    /** Counts a transaction of the source. */
    void add() {
        transactions++;
    }

    /**
     * Returns true if the open transaction must be committed before another transaction of the source.
     *
     * @param tables the number of tables that it wrote or created
     */
    boolean isFull(int tables) {
        return tables >= MOST_TABLES || transactions >= most;
    }

    void committed() {
        transactions = 0;
        if (most < Integer.MAX_VALUE && ++commits >= GROWS_AFTER) {
            commits = 0;
            most = most > Integer.MAX_VALUE / SHRINKS_BY ? Integer.MAX_VALUE : most * SHRINKS_BY;
        }
    }

    /** Forgets the open transaction, which was rolled back. */
    void rolledBack() {
        transactions = 0;
    }

    /**
     * Makes groups smaller, after the server ran out of room. Call this before {@link #rolledBack}.
     *
     * @return false if they cannot become smaller
     */
    boolean shrink() {
        int before = most;
        most = Math.max(1, Math.min(most, transactions) / SHRINKS_BY);
        commits = 0;
        return most < before;
    }

    /** Returns the most transactions of the source in a group. */
    int most() {
        return most;
    }
}
