package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.TableName;
import io.pgcdc.session.ServerWords;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * Finds out if a row was refused because another sink has not written the row yet that its foreign key references. Two sinks do not wait for
 * each other otherwise, so the sink of the referencing table may be ahead.
 */
final class MissingParent {

    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private static final String REFERENCED = """
            SELECT n.nspname, c.relname FROM pg_constraint f
            JOIN pg_class c ON c.oid = f.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE f.contype = 'f' AND f.conname = ? AND f.conrelid = to_regclass(?)""";

    private MissingParent() {}

    /**
     * Returns an error that ends in a retry, or null if waiting does not help.
     *
     * @param e the target's answer; its change was rolled back, and the transaction can be used
     * @param destination see {@link Applier#destination}
     */
    static @Nullable StoppedException of(
            SQLException e,
            Change change,
            @Nullable String destination,
            String sink,
            OwnTables own,
            Connection connection)
            throws SQLException {
        ServerErrorMessage said = ServerWords.message(e);
        if (said == null
                || !FOREIGN_KEY_VIOLATION.equals(e.getSQLState())
                || change.kind() == ChangeKind.DELETE
                || change.kind() == ChangeKind.TRUNCATE) {
            return null;
        }
        TableName table = new TableName(String.valueOf(said.getSchema()), String.valueOf(said.getTable()));
        TableName parent = referenced(connection, table, String.valueOf(said.getConstraint()));
        if (parent == null || !("table " + table).equals(destination) || !own.isOfAnotherSink(connection, parent)) {
            return null;
        }
        return new StoppedException(
                ErrorCode.TARGET_BUSY,
                sink,
                change.position(),
                "a row of " + table + " waits for a row of " + parent + " (constraint \"" + said.getConstraint()
                        + "\"), which another sink writes, SQLSTATE " + FOREIGN_KEY_VIOLATION
                        + ". See that this sink gets on, with cdc status, or that the row was not excluded from it.");
    }

    private static @Nullable TableName referenced(Connection connection, TableName table, String constraint)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REFERENCED)) {
            statement.setString(1, constraint);
            statement.setString(2, table.sql());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new TableName(row.getString(1), row.getString(2)) : null;
            }
        }
    }
}
