package io.pgcdc.sinks.outbox;

import java.util.Arrays;

/**
 * One event, as UTF-8 text.
 *
 * @param aggregateType empty where no column is named for it
 * @param payload JSON, as far as its writer kept to it
 * @param fromTable it is a row of the outbox table, not a message
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; texts would be encoded again at once
public record OutboxEvent(
        byte[] id, byte[] type, byte[] aggregateId, byte[] aggregateType, byte[] payload, boolean fromTable) {

    /** The id alone. */
    @Override
    public String toString() {
        return "OutboxEvent" + Arrays.toString(id);
    }
}
