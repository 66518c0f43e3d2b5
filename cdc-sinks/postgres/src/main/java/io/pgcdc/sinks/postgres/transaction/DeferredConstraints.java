package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Constraints that are checked at the end of a transaction. */
public final class DeferredConstraints {

    /**
     * Returns the deferrable constraints of the tables, and of their partitions and children, which a statement on the tables also
     * touches. The second column is true if a constraint of the same name in the same schema is not deferrable.
     */
    private static final String NAMES = """
            WITH RECURSIVE touched AS (
                SELECT to_regclass(t)::oid AS oid FROM unnest(?::text[]) t
                UNION SELECT i.inhrelid FROM pg_inherits i JOIN touched ON i.inhparent = touched.oid)
            SELECT string_agg(DISTINCT format('%I.%I', n.nspname, c.conname), ', '),
                bool_or(EXISTS (SELECT FROM pg_constraint o WHERE o.connamespace = c.connamespace
                    AND o.conname = c.conname AND NOT o.condeferrable))
            FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
            WHERE c.condeferrable AND (c.conrelid IN (SELECT oid FROM touched) OR c.confrelid IN (SELECT oid FROM touched))""";

    private static final String OBJECT_IN_USE = "55006";

    private DeferredConstraints() {}

    /** A constraint that a row of the open transaction violates, which is allowed until the transaction ends. */
    public record Violated(String constraint, TableName table) {

        /** Returns the text for messages. */
        @Override
        public String toString() {
            return "deferred constraint " + constraint + " of table " + table
                    + " of the target is violated before the transaction's end, but the statement requires its check now";
        }

        /** Returns the statement that drops it in the target. */
        public String dropSql() {
            return "ALTER TABLE " + table.sql() + " DROP CONSTRAINT " + Quoted.identifier(constraint);
        }
    }

    /**
     * Runs statements on tables, without a time limit. The server refuses TRUNCATE and most of ALTER TABLE while a deferred check
     * of the table waits (55006). In that case the tables' deferred constraints are checked, and deferred again. Constraints of
     * other tables stay deferred, because they may be violated until the transaction ends.
     *
     * @return null if the statements were run. Otherwise none was run, because a row of the open transaction violates the returned
     *     constraint
     */
    public static @Nullable Violated run(Connection connection, Collection<TableName> tables, List<String> statements)
            throws SQLException {
        // Optional, because the work must return a value
        return LongStatements.run(connection, () -> Optional.ofNullable(runAll(connection, tables, statements)))
                .orElse(null);
    }

    private static @Nullable Violated runAll(
            Connection connection, Collection<TableName> tables, List<String> statements) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            execute(connection, statements);
        } catch (SQLException e) {
            if (!OBJECT_IN_USE.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            Violated violated = check(connection, tables);
            if (violated != null) {
                connection.rollback(before);
                return violated;
            }
            execute(connection, statements);
        }
        connection.releaseSavepoint(before);
        return null;
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        for (String statement : statements) {
            Ddl.execute(connection, statement);
        }
    }

    private static @Nullable Violated check(Connection connection, Collection<TableName> tables) throws SQLException {
        String sql = checkSql(connection, tables);
        try {
            if (sql != null) {
                Ddl.execute(connection, sql);
            }
            return null;
        } catch (SQLException e) {
            ServerErrorMessage said = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
            if (said == null || !TargetErrors.isRefusal(e)) {
                throw e;
            }
            return new Violated(
                    String.valueOf(said.getConstraint()),
                    new TableName(String.valueOf(said.getSchema()), String.valueOf(said.getTable())));
        }
    }

    /**
     * Returns the SQL that checks the tables' deferred constraints and defers them again, or null if they have none. DEFERRED must not
     * name a constraint that is not deferrable: if another table has one of that name, ALL are deferred.
     */
    private static @Nullable String checkSql(Connection connection, Collection<TableName> tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NAMES)) {
            Object[] texts = tables.stream().map(TableName::sql).toArray();
            statement.setArray(1, connection.createArrayOf("text", texts));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String names = row.getString(1);
                return names == null
                        ? null
                        : "SET CONSTRAINTS " + names + " IMMEDIATE; SET CONSTRAINTS "
                                + (row.getBoolean(2) ? "ALL" : names) + " DEFERRED";
            }
        }
    }
}
