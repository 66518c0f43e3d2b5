package io.pgcdc.queue;

import org.jspecify.annotations.Nullable;

/** The stored text of the snapshot's ledger. Its toString names the file. One thread at a time. */
public interface LedgerFile {

    /**
     * Returns the text; null: there is none.
     *
     * @throws io.pgcdc.error.QueueException QUEUE_DAMAGED, QUEUE_IO
     */
    @Nullable
    String read();

    /**
     * Replaces the text. Durable on return; after a crash the old text or the new one is there.
     *
     * @throws io.pgcdc.error.QueueException QUEUE_IO
     */
    void write(String text);
}
