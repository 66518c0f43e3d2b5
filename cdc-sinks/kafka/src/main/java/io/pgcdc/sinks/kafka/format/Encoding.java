package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import java.util.List;
import org.apache.kafka.common.header.Header;

/**
 * Writes the bytes of records' keys and values. It does not decide which records exist. If a change does not fit the format, it
 * throws a {@link io.pgcdc.sink.RefusedChangeException}; the buffer may then contain a part of the bytes. For one thread.
 */
interface Encoding {

    /** Returns true if the update's old row shows that the row's key changed. */
    default boolean changesKey(Change update, TableRecords table) {
        return table.changesKey(update);
    }

    /** Appends the key of a table's change. Returns false, and appends nothing, if the change has no key. */
    boolean appendKey(Change change, Part part, TableRecords table, JsonBuffer out);

    /**
     * Appends the key of one part of a key change, in the form for the header of the other part's record. Returns false, and
     * appends nothing, if the part has no key.
     */
    default boolean appendKeyInHeader(Change change, Part part, TableRecords table, JsonBuffer out) {
        return appendKey(change, part, table, out);
    }

    /** Appends the value of a table's change. */
    void appendValue(Change change, Part part, TableRecords table, JsonBuffer out);

    void appendKey(Change change, MessageView message, JsonBuffer out);

    /**
     * Appends the value of a logical message.
     *
     * @param change the message as a change
     */
    void appendValue(Change change, MessageView message, JsonBuffer out);

    /** Returns the headers that the format adds to the value that was appended last. */
    default List<Header> headers() {
        return List.of();
    }

    /**
     * Sets the place of the next values in their transaction, for formats that write it.
     *
     * @param transaction its record count includes the next record
     * @param ofTable number of the next record among its table's records, from 1; 1 for a message
     */
    default void placeIn(TransactionCounts transaction, long ofTable) {}

    /** Sets that the next values belong to no transaction. */
    default void placeNowhere() {}

    default void appendBoundaryKey(TransactionCounts transaction, JsonBuffer out) {
        BoundaryJson.appendKey(transaction, out);
    }

    default void appendBoundary(TransactionCounts transaction, boolean end, JsonBuffer out) {
        BoundaryJson.appendValue(transaction, end, out);
    }
}
