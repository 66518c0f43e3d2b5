package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Makes the keys and values of records. It does not decide which records exist. If a change does not fit the format, it throws a {@link
 * io.pgcdc.sink.RefusedChangeException}. A key is valid until the next key is made, a value until the next value. For one thread.
 *
 * @param <V> the form of keys and values
 */
public interface Contents<V> {

    /** Returns true if the update's old row shows that the row's key changed. */
    boolean changesKey(Change update, TableRecords table);

    /** Returns the key of a table's change, or null if the change has no key. */
    @Nullable
    V key(Change change, Part part, TableRecords table);

    /** Returns the key of a table's changes that have none of their own, for {@link NullKey#TABLE}. */
    V tableKey(TableRecords table);

    /**
     * Appends the key of one part of a key change, in the form for the header of the other part's record. Returns false, and
     * appends nothing, if the part has no key.
     */
    boolean appendKeyInHeader(Change change, Part part, TableRecords table, JsonBuffer out);

    V value(Change change, Part part, TableRecords table);

    V key(Change change, MessageView message);

    /**
     * Returns the value of a logical message.
     *
     * @param change the message as a change
     */
    V value(Change change, MessageView message);

    /** Returns the headers that the format adds to the value that was made last. */
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

    V boundaryKey(TransactionCounts transaction);

    V boundary(TransactionCounts transaction, boolean end);
}
