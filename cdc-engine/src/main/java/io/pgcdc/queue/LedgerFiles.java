package io.pgcdc.queue;

import java.util.List;

/** The ledgers of the snapshots that were ordered during a run, by id. Any thread. */
public interface LedgerFiles {

    /** Returns the ids of all that are stored, sorted. */
    List<String> ids();

    /** Returns the ledger with that id. It may not exist yet. */
    LedgerFile file(String id);

    /** Removes a ledger. Durable on return. */
    void delete(String id);
}
