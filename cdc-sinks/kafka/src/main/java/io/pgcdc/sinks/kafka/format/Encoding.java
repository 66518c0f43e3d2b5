package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import java.util.List;
import org.apache.kafka.common.header.Header;

/**
 * Bytes of records' keys and values, and nothing about which records there are. What does not fit is refused with a {@link
 * io.pgcdc.sink.RefusedChangeException} before or after something was appended. One thread.
 */
interface Encoding {

    /** Whether an update gave the row another key, as far as its old row tells. */
    default boolean changesKey(Change update, TableRecords table) {
        return table.changesKey(update);
    }

    /** Appends the key of a change of a table; false, and nothing appended, when it has none. */
    boolean appendKey(Change change, Part part, TableRecords table, JsonBuffer out);

    /** Appends the key of one part of a key change, as the other part has it in a header; false, and nothing appended, when it has none. */
    default boolean appendKeyInHeader(Change change, Part part, TableRecords table, JsonBuffer out) {
        return appendKey(change, part, table, out);
    }

    /** Appends the value. */
    void appendValue(Change change, Part part, TableRecords table, JsonBuffer out);

    void appendKey(Change change, MessageView message, JsonBuffer out);

    /** @param change a logical message */
    void appendValue(Change change, MessageView message, JsonBuffer out);

    /** Headers that belong to the format, of the value appended last. */
    default List<Header> headers() {
        return List.of();
    }

    /** The values that follow are the transaction's last record so far, of its table the one with this number; for formats that tell it. */
    default void placeIn(OpenTransaction transaction, long ofTable) {}

    /** The values that follow are in no transaction. */
    default void placeNowhere() {}

    default void appendBoundaryKey(OpenTransaction transaction, JsonBuffer out) {
        BoundaryJson.appendKey(transaction, out);
    }

    default void appendBoundary(OpenTransaction transaction, boolean end, JsonBuffer out) {
        BoundaryJson.appendValue(transaction, end, out);
    }
}
