package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import io.pgcdc.sink.RefusedChangeException;

/** Creates the exceptions for changes that cannot be applied. Each message contains the remedy. */
final class Refusals {

    private final String sink;
    private final boolean creates;

    /** @param creates true if missing tables are created */
    Refusals(String sink, boolean creates) {
        this.sink = sink;
        this.creates = creates;
    }

    /**
     * Checks that the plan has a key, which updates and deletes need.
     *
     * @throws RefusedChangeException if it has none: rows can only be inserted
     */
    void requireKey(Change change, TablePlan plan) {
        if (plan.key().length == 0) {
            String name = plan.target().name().sql();
            // a table that was created in this transaction is rolled back with it
            String create = creates ? plan.target().createSql() + "; " : "";
            throw refused(
                    change,
                    "neither its table nor table " + name + " of the target has a key that identifies rows",
                    "In the target: " + create + "ALTER TABLE " + name
                            + " ADD PRIMARY KEY (columns that tell the rows apart). " + replicaIdentityFull(plan)
                            + ", so that old rows are sent. Or exclude the table with exclude_tables.");
        }
    }

    RefusedChangeException unknownKey(Change change, TablePlan plan) {
        return refused(
                change,
                "the key of table " + plan.target().name() + " is not in the source's replica identity",
                replicaIdentityFull(plan)
                        + "; for events that are only inserted, remove updates and deletes from the publication.");
    }

    static String replicaIdentityFull(TablePlan plan) {
        Relation relation = plan.relation();
        return "On the source: ALTER TABLE " + new TableName(relation.schema(), relation.name()).sql()
                + " REPLICA IDENTITY FULL";
    }

    RefusedChangeException refused(Change change, String why, String remedy) {
        Relation relation = change.relation();
        return new RefusedChangeException(
                change.position(),
                "sink \"" + sink + "\": " + change.kind() + " of "
                        + (relation == null ? "" : relation.qualifiedName()) + " at " + change.position()
                        + " cannot be applied: " + why + ". " + remedy,
                null);
    }
}
