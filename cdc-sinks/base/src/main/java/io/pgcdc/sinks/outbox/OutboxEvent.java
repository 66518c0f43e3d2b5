package io.pgcdc.sinks.outbox;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One event of an outbox. Each part is UTF-8 text.
 *
 * @param type empty if the sink does not read it
 * @param aggregateType empty if no column is configured for it, or if the sink does not read it
 * @param payload JSON, if its writer wrote valid JSON; null only if the sink allows that
 * @param time a timestamp in the form of ISO 8601, in UTC if it has no offset; null if no column is configured for it, or if the event
 *     has none
 * @param fromTable true for a row of the outbox table, false for a message
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; strings would be encoded again at once
public record OutboxEvent(
        byte[] id,
        byte[] type,
        byte[] aggregateId,
        byte[] aggregateType,
        byte @Nullable [] payload,
        byte @Nullable [] time,
        boolean fromTable) {

    /** Returns the id. */
    @Override
    public String toString() {
        return "OutboxEvent" + Arrays.toString(id);
    }
}
