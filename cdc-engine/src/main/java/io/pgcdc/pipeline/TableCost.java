package io.pgcdc.pipeline;

import io.pgcdc.model.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the changes of a table cost in this run, in messages of pgoutput.
 *
 * @param relation the table's latest layout
 * @param oldRowShare the part of the bytes that are whole old rows, 0 to 1, as REPLICA IDENTITY FULL sends them; a sample; null: not known yet
 * @param unread names of the columns that each sink leaves out; all of them if no sink takes the table. Columns of the replica identity are not
 *     among them, unless that is FULL
 * @param unreadShare the part of the bytes that these columns take; a sample; null: not known yet
 * @param saving how the server can be told not to send them; null: there are none
 */
public record TableCost(
        Relation relation,
        long inserts,
        long updates,
        long deletes,
        long bytes,
        @Nullable Double oldRowShare,
        List<String> unread,
        @Nullable Double unreadShare,
        @Nullable Saving saving) {

    /**
     * A saving. One of the two is null.
     *
     * @param sql for the source; it changes publications in one transaction
     * @param obstacle why there is no SQL, and what to do
     */
    public record Saving(@Nullable String sql, @Nullable String obstacle) {}

    public TableCost {
        unread = List.copyOf(unread);
    }

    public long changes() {
        return inserts + updates + deletes;
    }
}
