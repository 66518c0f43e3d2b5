package io.pgcdc.delivery;

import io.pgcdc.model.TablePattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks that a sink gets changes again. Whole transactions are delivered: those in which the places lie, and all between them.
 *
 * @param from the first change, or the time of the first commit
 * @param to the last change, or the time of the last commit; null: all that the sink has
 * @param tables only their changes; empty: all
 * @param reset true: first empty the target's tables of which changes come
 */
public record ReplayRequest(ReplayPlace from, @Nullable ReplayPlace to, List<TablePattern> tables, boolean reset) {

    public ReplayRequest {
        tables = List.copyOf(tables);
    }
}
