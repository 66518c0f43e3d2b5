package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;

/** Makes records of changes. The same change gives the same records each time. One thread. */
public interface RecordFormat {

    /**
     * Adds the change's records, none perhaps.
     *
     * @throws io.pgcdc.sink.RefusedChangeException when there can be none
     */
    void append(Change change, Records out);

    /** Comes before each batch's changes. */
    default void startOfBatch() {}

    /**
     * A change whose records are there already.
     *
     * @param whole whether all of its transaction's are
     */
    default void passOver(Change change, boolean whole) {}

    /** Comes after the batch's changes where they end with their transaction, and adds what belongs to that. */
    default void endOfTransaction(Records out) {}

    /** The batch was given up after some of its changes, and comes again. */
    default void undoBatch() {}
}
