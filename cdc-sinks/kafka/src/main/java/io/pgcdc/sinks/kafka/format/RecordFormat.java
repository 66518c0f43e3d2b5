package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of changes. A change gives the same records each time. For one thread.
 *
 * @param <V> the form of keys and values
 */
public interface RecordFormat<V> {

    /**
     * Adds the change's records. A change may have none.
     *
     * @throws io.pgcdc.sink.RefusedChangeException if the change cannot become records
     */
    void append(Change change, Collector<V> out);

    /** Returns the keys of a table's records; null if the format's records are not of rows. */
    default @Nullable TableKeys keys(Relation table) {
        return null;
    }

    /** Prepares for a batch. The sink calls it before the batch's first change. */
    default void startOfBatch() {}

    /**
     * Handles a change whose records were sent before.
     *
     * @param whole true if all records of its transaction were sent
     */
    default void passOver(Change change, boolean whole) {}

    /** Adds the records of a transaction's end. The sink calls it after a batch that ends with the transaction. */
    default void endOfTransaction(Collector<V> out) {}

    /** Restores the state before the batch. The sink calls it if a batch stopped at a refused change, because the batch repeats. */
    default void undoBatch() {}
}
