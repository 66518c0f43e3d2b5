package io.pgcdc.session;

import io.pgcdc.error.Remedy;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * The SQL that lets in a login that the server refused. The server's function tells which of its checks refused, in every language; its
 * message quotes the role or database.
 */
final class RefusedLogin {

    /** Separates the role from the rest in the words for a server. */
    private static final String AS = " as ";

    private static final Pattern QUOTED_NAME = Pattern.compile("\"(.+)\"");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

    private static final int MORE_WAL_SENDERS = 10;

    private RefusedLogin() {}

    /**
     * Returns the remedy.
     *
     * @param where host, port, database and user
     * @return null: no SQL helps
     */
    static @Nullable Remedy remedy(SQLException e, String where) {
        String name = quotedName(e);
        String state = String.valueOf(e.getSQLState());
        return switch (SourceErrors.routine(e)) {
            case "InitializeSessionUserId" -> name == null ? null : ofRole(state, Quoted.identifier(name));
            case "CheckMyDatabase" -> name == null ? null : ofDatabase(state, Quoted.identifier(name), where);
            case "InitProcess" -> state.equals("53300") ? ofWalSenders(e) : null;
            default -> null;
        };
    }

    /** The message tells max_wal_senders as it is. */
    private static @Nullable Remedy ofWalSenders(SQLException e) {
        Matcher current = NUMBER.matcher(ServerWords.said(e));
        return current.find()
                ? Remedy.sql(
                                "As a superuser",
                                "ALTER SYSTEM SET max_wal_senders = "
                                        + (Integer.parseInt(current.group()) + MORE_WAL_SENDERS) + ";")
                        .thenRestart()
                : null;
    }

    private static @Nullable Remedy ofRole(String state, String role) {
        return switch (state) {
            // the same state stands for a role that does not exist
            case "28000" -> Remedy.sql("If the role exists, as a superuser", "ALTER ROLE " + role + " LOGIN;");
            case "53300" ->
                Remedy.sql(
                        "End its other connections; or, as a superuser",
                        "ALTER ROLE " + role + " CONNECTION LIMIT -1;");
            default -> null;
        };
    }

    private static @Nullable Remedy ofDatabase(String state, String database, String where) {
        return switch (state) {
            case "42501" -> {
                int as = where.lastIndexOf(AS);
                yield as < 0
                        ? null
                        : Remedy.sql(
                                "As the database's owner",
                                "GRANT CONNECT ON DATABASE " + database + " TO "
                                        + Quoted.identifier(where.substring(as + AS.length())) + ";");
            }
            case "55000" ->
                Remedy.sql(
                        "As a superuser in another database",
                        "ALTER DATABASE " + database + " ALLOW_CONNECTIONS true;");
            case "53300" ->
                Remedy.sql(
                        "End other connections to the database; or, as a superuser",
                        "ALTER DATABASE " + database + " CONNECTION LIMIT -1;");
            default -> null;
        };
    }

    private static @Nullable String quotedName(SQLException e) {
        @Nullable ServerErrorMessage message = ServerWords.message(e);
        if (message == null || message.getMessage() == null) {
            return null;
        }
        Matcher quoted = QUOTED_NAME.matcher(message.getMessage());
        return quoted.find() ? quoted.group(1) : null;
    }
}
