package io.pgcdc.guard;

import org.jspecify.annotations.Nullable;

/**
 * A transaction of the server that has written and has not ended. The slot holds the WAL since its beginning.
 *
 * @param gid of a prepared transaction; null: it is open
 * @param pid process of an open transaction; null: it is prepared
 * @param xid its transaction id
 * @param who application, role and database, as far as known; may be empty
 * @param ageMs since it began, or was prepared; null: the role may not see it
 */
public record OpenTransaction(
        @Nullable String gid,
        @Nullable Integer pid,
        String xid,
        String who,
        @Nullable Long ageMs) {

    String describe() {
        String since = ageMs == null ? "" : " for " + Words.time(ageMs / 1_000);
        String name =
                gid == null ? "transaction " + xid + " of process " + pid : "prepared transaction \"" + gid + "\"";
        return name
                + (who.isEmpty() ? "" : " (" + who + ")")
                + (since.isEmpty() ? "" : (gid == null ? ", open" : ", prepared") + since);
    }
}
