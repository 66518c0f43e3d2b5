package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the instructions, with SQL, that make a target equal to its source again and let the sink continue. */
final class Remedy {

    private final Relation relation;
    private final TableName sentBy;
    private final String accept;
    private final boolean partitioned;

    /**
     * Creates the remedies of one layout.
     *
     * @param sentBy the source table whose rows are sent again
     * @param accept the statement that tells the sink that a person prepared the target; empty if none is needed
     */
    Remedy(Relation relation, TableName sentBy, String accept) {
        this(relation, sentBy, accept, isPartitioned(relation));
    }

    private Remedy(Relation relation, TableName sentBy, String accept, boolean partitioned) {
        this.partitioned = partitioned;
        this.relation = relation;
        this.sentBy = sentBy;
        this.accept = accept;
    }

    private static boolean isPartitioned(Relation relation) {
        TableFacts facts = relation.facts();
        return facts != null && facts.partitioned();
    }

    /** Returns the remedy to run these statements. The target shows that they were run, so it needs no confirmation. */
    static String run(List<String> statements) {
        return "In the target: " + String.join("; ", statements) + "; Then start again.";
    }

    /** Returns one transaction with these statements and the statement that confirms them. */
    private String inTarget(List<String> statements) {
        return "In the target: BEGIN; " + String.join("; ", statements) + "; " + accept + (accept.isEmpty() ? "" : " ")
                + "COMMIT;";
    }

    /** Returns the remedy to run these statements and to confirm that. Use it if the target does not show that they were run. */
    String runAndSay(List<String> statements) {
        return inTarget(statements) + " Then start again.";
    }

    /** Returns the instruction to confirm the layout, if nothing else needs to be done in the target. */
    private String accepted() {
        return accept.isEmpty() ? "" : "In the target: " + accept + " ";
    }

    /**
     * Returns the remedies that send the rows of partitioned table {@code root} again. Use them if rows arrived under the root's name
     * and now arrive under a partition's, or the reverse.
     */
    Remedy sentBy(TableName root) {
        return new Remedy(relation, root, accept, true);
    }

    /**
     * Returns the remedy to run the statements, delete all rows of the targets, and send all rows again. If the targets have rows of
     * other tables of the same name, a person must tell the rows apart.
     */
    String emptied(List<TableName> targets, List<String> statements) {
        if (relation.sharesName()) {
            return "Other tables of the source have rows in "
                    + targets.stream().map(TableName::sql).collect(Collectors.joining(", "))
                    + ", too. Delete the rows of " + relation.atSource() + " there by hand. " + overwritten(statements);
        }
        if (relation.recordIdColumns() == null) {
            return "It has no key, so rows that an UPDATE sends again cannot be applied. Make "
                    + targets.stream().map(TableName::sql).collect(Collectors.joining(", "))
                    + " equal to it by hand (COPY), while no session writes to it. "
                    + (statements.isEmpty() ? accepted() : inTarget(statements) + " ") + "Then start again.";
        }
        List<String> all = new ArrayList<>(statements);
        targets.forEach(target -> all.add("DELETE FROM " + target.sql()));
        return inTarget(all) + " Then start again. " + sentAgain();
    }

    /** Returns the remedy to run the statements and send all rows again, which overwrites the target's rows. */
    String overwritten(List<String> statements) {
        return (statements.isEmpty() ? accepted() : inTarget(statements) + " ") + "Then start again. " + sentAgain();
    }

    /**
     * Returns the SQL for the source that sends all rows again. It uses REPLICA IDENTITY FULL: the server then also sends unchanged
     * values that are stored out of line.
     */
    private String sentAgain() {
        String table = sentBy.sql();
        int chosen = plainColumn();
        String column = Quoted.identifier(relation.columns().get(chosen).name());
        String update = "UPDATE " + table + " SET " + column + " = " + column + ";";
        String again = "On the source, to have all rows sent again: ";
        String doubt = relation.recordIdColumns() == null
                ? "It has no key: if the target's table has none either, the sink cannot apply the UPDATE below; copy the rows"
                        + " by hand instead. "
                : "";
        doubt += isPlain(chosen)
                ? ""
                : "If " + column
                        + " is an identity or generated column, name another one in the UPDATE below; if there is none,"
                        + " copy the rows by hand. ";
        if (relation.identity() == ReplicaIdentity.FULL && !partitioned) {
            return doubt + again + update;
        }
        if (relation.identity() == ReplicaIdentity.INDEX) {
            doubt += "Before, SELECT indexrelid::regclass FROM pg_index WHERE indisreplident AND indrelid = "
                    + Quoted.literal(table) + "::regclass names the index that ALTER TABLE " + table
                    + " REPLICA IDENTITY USING INDEX must restore afterwards. ";
        }
        if (partitioned) {
            doubt += "Each partition has its own replica identity: restore those other than DEFAULT afterwards. ";
        }
        String back = relation.identity() == ReplicaIdentity.INDEX
                ? ""
                : " "
                        + identity(
                                relation.identity() == ReplicaIdentity.FULL
                                        ? "DEFAULT"
                                        : relation.identity().name());
        return doubt + again + identity("FULL") + " " + update + back;
    }

    /** Returns the SQL that sets the replica identity. Partitions do not inherit it from their root. */
    private String identity(String identity) {
        return partitioned
                ? "DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT relid FROM pg_partition_tree("
                        + Quoted.literal(sentBy.sql()) + ") LOOP EXECUTE format('ALTER TABLE %s REPLICA IDENTITY "
                        + identity + "', t); END LOOP; END $$;"
                : "ALTER TABLE " + sentBy.sql() + " REPLICA IDENTITY " + identity + ";";
    }

    /**
     * Returns the index of a column that an UPDATE can set to itself, outside the key if possible. Prefers a column for which that is
     * certain ({@link #isPlain}).
     */
    private int plainColumn() {
        List<Integer> key = relation.recordIdColumns();
        List<Integer> others = IntStream.range(0, relation.columns().size())
                .boxed()
                .filter(i -> key == null || !key.contains(i))
                .toList();
        return others.stream().filter(this::isPlain).findFirst().orElse(others.isEmpty() ? 0 : others.get(0));
    }

    private boolean isPlain(int column) {
        TableFacts facts = relation.facts();
        TableFacts.ColumnFacts known = facts == null ? null : facts.columns().get(column);
        return known != null && !known.filled();
    }
}
