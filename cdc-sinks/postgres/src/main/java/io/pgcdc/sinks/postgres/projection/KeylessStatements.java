package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.projection.TablePlan.Field;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes rows of a table without a key, one by one. For one thread and one connection. */
final class KeylessStatements {

    private final TablePlan plan;
    private final TableStatements statements;

    KeylessStatements(TablePlan plan, TableStatements statements) {
        this.plan = plan;
        this.statements = statements;
    }

    /**
     * Changes one row that has all the old values and is not marked as deleted. Values are compared as texts, because some types cannot be
     * compared; the old ones take the form of the target's column first, which may round them.
     *
     * @param set the new values, or null to delete the row
     * @return false if the target has no such row
     */
    boolean changeOne(Texts old, @Nullable Texts set) throws SQLException {
        List<String> sets = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        List<byte @Nullable []> parameters = new ArrayList<>();
        for (int i = 0; i < plan.fields().size(); i++) {
            Field field = plan.fields().get(i);
            if (set != null && !set.isAbsent(i)) {
                sets.add(Quoted.identifier(field.column()) + " = " + field.converted("?::text"));
                parameters.add(set.get(i));
            }
        }
        for (int i = 0; i < plan.fields().size(); i++) {
            Field field = plan.fields().get(i);
            if (!old.isAbsent(i)) {
                String column = Quoted.identifier(field.column());
                equal.add("t." + column + "::text IS NOT DISTINCT FROM (" + field.converted("?::text") + ")::"
                        + plan.target().column(field.column()).fullType() + "::text");
                parameters.add(old.get(i));
            }
        }
        String marked = plan.isDeleted();
        if (!marked.isEmpty()) {
            equal.add("NOT coalesce((true" + marked + "), false)");
        }
        String extras = statements.sets(new int[0], "1");
        if (!extras.isEmpty()) {
            sets.add(extras);
        }
        String table = plan.target().name().sql();
        // a ctid is of one partition
        String one = " WHERE (t.tableoid, t.ctid) = (SELECT t.tableoid, t.ctid FROM " + table + " AS t WHERE "
                + String.join(" AND ", equal) + " LIMIT 1)";
        PreparedStatement statement = statements.prepare(
                set == null
                        ? "DELETE FROM " + table + " AS t" + one
                        : "UPDATE " + table + " AS t SET " + String.join(", ", sets) + one);
        for (int i = 0; i < parameters.size(); i++) {
            byte[] value = parameters.get(i);
            statement.setString(i + 1, value == null ? null : new String(value, StandardCharsets.UTF_8));
        }
        return TableStatements.execute(statement) > 0;
    }
}
