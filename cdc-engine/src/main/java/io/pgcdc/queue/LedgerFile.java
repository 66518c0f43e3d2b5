package io.pgcdc.queue;

import org.jspecify.annotations.Nullable;

/** The stored text of the snapshot's ledger. Its toString names the file. One thread at a time. */
public interface LedgerFile {

    /** Returns how many bytes of the text may be keys of single rows of one table. The snapshot keeps to it. */
    default long maxKeyBytes() {
        return 64L << 20;
    }

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
     * @throws io.pgcdc.error.SourceException SNAPSHOT_REFUSED: it is too long for this place
     */
    void write(String text);
}
