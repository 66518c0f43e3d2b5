package io.pgcdc.sink;

import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a replay means for a sink: {@code cdc replay} has it get changes again that it has. See {@link Sink#replayTerms}.
 *
 * @param meaning what happens in the target, in one or two sentences for the user, who reads it before the replay begins
 * @param onlyComplete if not null, the replay must go on until the sink's last change; completes "a replay must go on to the sink's last change: …"
 * @param onlyPresentForm true if the sink cannot take changes of a table that was altered after them
 * @param mayEmpty true if a TRUNCATE empties the target's table, so that a replay may begin with it
 * @param has the last change that the target has, by the position that it keeps; null: it keeps none
 */
public record ReplayTerms(
        String meaning,
        @Nullable String onlyComplete,
        boolean onlyPresentForm,
        boolean mayEmpty,
        @Nullable Position has) {

    /** The terms of a sink that keeps no position, and for which a repeat does no harm. */
    public static ReplayTerms again(String meaning) {
        return new ReplayTerms(meaning, null, false, false, null);
    }
}
