package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;

/** Makes records of changes. The same change gives the same records each time. For one thread. */
public interface RecordFormat {

    /**
     * Adds the change's records; there may be none.
     *
     * @throws io.pgcdc.sink.RefusedChangeException if the change cannot become records
     */
    void append(Change change, Records out);

    /** Called before each batch's changes. */
    default void startOfBatch() {}

    /**
     * Called for a change whose records were sent before.
     *
     * @param whole true if all records of its transaction were sent
     */
    default void passOver(Change change, boolean whole) {}

    /** Called after a batch that ends with its transaction. Adds records of the transaction's end. */
    default void endOfTransaction(Records out) {}

    /** Called if the batch stopped after some of its changes; it repeats. */
    default void undoBatch() {}
}
