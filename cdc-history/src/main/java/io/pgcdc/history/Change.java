package io.pgcdc.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change, as a tool wrote it.
 *
 * @param position as written
 * @param table {@code schema.table}
 * @param key the record's own name for the row; null if it has none
 * @param before the old row, or its key; null if the record has none
 * @param after the new row; null if the record has none
 * @param unchanged columns of the new row that the server did not send
 */
record Change(
        Place place,
        String position,
        Operation operation,
        String table,
        @Nullable String key,
        @Nullable JsonNode before,
        @Nullable JsonNode after,
        Set<String> unchanged) {

    /** What happened to the row. */
    enum Operation {
        INSERT,
        UPDATE,
        DELETE,
        TRUNCATE,
        /** A row that existed before the stream. */
        READ
    }
}
