package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.sinks.filter.Condition;
import io.pgcdc.sinks.filter.RowCondition;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of one layout go by one mapping. For one thread and one connection.
 *
 * @param rows the rows that wait to be written
 * @param where the mapping's condition for this layout; null: none
 */
record Destination(
        TableMapping mapping,
        TablePlan plan,
        TableStatements statements,
        KeyedRows rows,
        @Nullable RowCondition where) {

    /** Returns true if the condition is about changes, not about rows. */
    boolean isAboutChange() {
        Condition condition = mapping.where();
        return condition != null && condition.isAboutChange();
    }
}
