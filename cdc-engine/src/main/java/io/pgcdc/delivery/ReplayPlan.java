package io.pgcdc.delivery;

import io.pgcdc.model.Position;
import java.util.List;

/**
 * A replay, worked out.
 *
 * @param from a position before which nothing is delivered; the first change may be a later one
 * @param until the last change
 * @param complete true if the sink has no later change
 * @param tables only their changes; empty: all
 * @param emptied tables of the source whose target is emptied first
 * @param meaning what happens in the target, for a user
 */
public record ReplayPlan(
        Position from, Position until, boolean complete, List<String> tables, List<String> emptied, String meaning) {

    public ReplayPlan {
        tables = List.copyOf(tables);
        emptied = List.copyOf(emptied);
    }
}
