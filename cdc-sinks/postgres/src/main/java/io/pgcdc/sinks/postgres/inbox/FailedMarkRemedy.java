package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.error.SinkException;
import io.pgcdc.session.Quoted;
import io.pgcdc.session.ServerWords;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/** The SQL for the source after which it takes a mark that it has refused. */
final class FailedMarkRemedy {

    private static final String PRIVILEGE_MISSING = "42501";
    private static final String CHECK_VIOLATION = "23514";
    private static final String NO_LABEL = "22P02";

    private final OutboxRows rows;

    FailedMarkRemedy(OutboxRows rows) {
        this.rows = rows;
    }

    /** Returns the SQL, or the empty text if it is not known. Throws nothing. */
    String sql(SQLException e) {
        try {
            String sql = switch (String.valueOf(e.getSQLState())) {
                case PRIVILEGE_MISSING -> grant();
                case CHECK_VIOLATION -> constraint(e);
                case NO_LABEL -> label();
                default -> null;
            };
            return sql == null ? "" : sql;
        } catch (SQLException | SinkException again) {
            return "";
        }
    }

    private @Nullable String grant() throws SQLException {
        String role = rows.ask("SELECT quote_ident(current_user)");
        return "GRANT USAGE ON SCHEMA " + Quoted.identifier(rows.table().schema()) + " TO " + role
                + "; GRANT SELECT, UPDATE ON " + rows.table().sql() + " TO " + role + ";";
    }

    /** Keeps the condition, and exempts failed rows from it. */
    private @Nullable String constraint(SQLException e) throws SQLException {
        ServerErrorMessage said = ServerWords.message(e);
        String name = said == null ? null : said.getConstraint();
        if (name == null) {
            return null;
        }
        String condition = rows.ask(
                "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = to_regclass(?) AND conname = ?"
                        + " AND contype = 'c'",
                rows.table().sql(),
                name);
        String constraint = Quoted.identifier(name);
        return condition == null
                ? null
                : "ALTER TABLE " + rows.table().sql() + " DROP CONSTRAINT " + constraint + ", ADD CONSTRAINT "
                        + constraint + " CHECK (" + condition + " OR " + Quoted.identifier(rows.statusColumn())
                        + " = 'failed');";
    }

    private @Nullable String label() throws SQLException {
        String type = rows.ask(
                "SELECT format_type(t.oid, -1) FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
                        + " WHERE a.attrelid = to_regclass(?) AND a.attname = ? AND t.typtype = 'e'",
                rows.table().sql(),
                rows.statusColumn());
        return type == null ? null : "ALTER TYPE " + type + " ADD VALUE 'failed';";
    }
}
