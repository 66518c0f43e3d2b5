package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.config.TableName;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import java.util.ArrayList;
import java.util.List;

/** The SQL that makes a target equal to its source again, and lets the sink go on. */
final class Remedy {

    private final Relation relation;
    private final TableName sentBy;
    private final String accept;

    /**
     * For one layout.
     *
     * @param sentBy the source table whose rows come again
     * @param accept says in the target that it is done; empty: nothing needs to be said
     */
    Remedy(Relation relation, TableName sentBy, String accept) {
        this.relation = relation;
        this.sentBy = sentBy;
        this.accept = accept;
    }

    /** These statements show that they were run. */
    static String run(List<String> statements) {
        return "In the target: " + String.join("; ", statements) + "; Then start again.";
    }

    /** These statements, and that they were run. */
    private String inTarget(List<String> statements) {
        return "In the target: BEGIN; " + String.join("; ", statements) + "; " + accept + (accept.isEmpty() ? "" : " ")
                + "COMMIT;";
    }

    /** These statements, which do not show that they were run. */
    String runAndSay(List<String> statements) {
        return inTarget(statements) + " Then start again.";
    }

    /** Nothing needs to be done in the target but to say so. */
    private String accepted() {
        return accept.isEmpty() ? "" : "In the target: " + accept + " ";
    }

    /** The same after rows of the table went to the target under another table's name. */
    Remedy sentBy(TableName other) {
        return new Remedy(relation, other, accept);
    }

    /** Old rows go, and all come again. */
    String emptied(List<TableName> targets, List<String> statements) {
        List<String> all = new ArrayList<>(statements);
        targets.forEach(target -> all.add("DELETE FROM " + target.sql()));
        return inTarget(all) + " Then start again. " + sentAgain();
    }

    /** All rows come again, over the ones that are there. */
    String overwritten(List<String> statements) {
        return (statements.isEmpty() ? accepted() : inTarget(statements) + " ") + "Then start again. " + sentAgain();
    }

    /** With FULL the server sends values that are stored out of line, too. */
    private String sentAgain() {
        List<Integer> key = relation.recordIdColumns();
        String column = Ddl.identifier(
                relation.columns().get(key == null ? 0 : key.get(0)).name());
        String alter = "ALTER TABLE " + sentBy.sql() + " REPLICA IDENTITY ";
        String back = relation.identity() == ReplicaIdentity.INDEX
                ? "USING INDEX (its name)"
                : relation.identity().name();
        boolean full = relation.identity() == ReplicaIdentity.FULL;
        return "On the source, to have all rows sent again: " + (full ? "" : alter + "FULL; ") + "UPDATE "
                + sentBy.sql() + " SET " + column + " = " + column + ";" + (full ? "" : " " + alter + back + ";");
    }
}
