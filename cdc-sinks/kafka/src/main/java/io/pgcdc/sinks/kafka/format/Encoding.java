package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import java.util.List;
import org.apache.kafka.common.header.Header;

/**
 * Writes the bytes of records' keys and values. It does not decide which records exist. Refuses a change that does not fit with a
 * {@link io.pgcdc.sink.RefusedChangeException}; a part may be appended then. For one thread.
 */
interface Encoding {

    /** Returns whether an update changed the row's key, as far as its old row tells. */
    default boolean changesKey(Change update, TableRecords table) {
        return table.changesKey(update);
    }

    /** Appends the key of a table's change. Returns false, and appends nothing, if it has none. */
    boolean appendKey(Change change, Part part, TableRecords table, JsonBuffer out);

    /**
     * Appends the key of one part of a key change, in the form of the other part's header. Returns false, and appends nothing, if
     * it has none.
     */
    default boolean appendKeyInHeader(Change change, Part part, TableRecords table, JsonBuffer out) {
        return appendKey(change, part, table, out);
    }

    /** Appends the value. */
    void appendValue(Change change, Part part, TableRecords table, JsonBuffer out);

    void appendKey(Change change, MessageView message, JsonBuffer out);

    /** @param change a logical message */
    void appendValue(Change change, MessageView message, JsonBuffer out);

    /** Returns the format's headers of the value that was appended last. */
    default List<Header> headers() {
        return List.of();
    }

    /**
     * Sets the place of later values: the last record of the transaction so far, and this number in its table. For formats that
     * write it.
     */
    default void placeIn(TransactionCounts transaction, long ofTable) {}

    /** Sets that later values belong to no transaction. */
    default void placeNowhere() {}

    default void appendBoundaryKey(TransactionCounts transaction, JsonBuffer out) {
        BoundaryJson.appendKey(transaction, out);
    }

    default void appendBoundary(TransactionCounts transaction, boolean end, JsonBuffer out) {
        BoundaryJson.appendValue(transaction, end, out);
    }
}
