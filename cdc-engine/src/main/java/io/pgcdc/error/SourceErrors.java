package io.pgcdc.error;

import java.sql.SQLException;

/** Turns what pgjdbc reports into our codes, by SQLSTATE (PostgreSQL documentation, "PostgreSQL Error Codes"). */
public final class SourceErrors {

    private SourceErrors() {}

    /**
     * An error while connecting.
     *
     * @param where host, port, database and user, without the password
     */
    public static SourceException connecting(SQLException e, String where) {
        String state = String.valueOf(e.getSQLState());
        String said = said(e);
        if (said.contains("SSL") || e.getCause() instanceof javax.net.ssl.SSLException) {
            return new SourceException(
                    ErrorCode.TLS_FAILED,
                    "TLS could not be agreed with " + where + ": " + said
                            + ". Set sslmode (disable, require, verify-full) to what the server offers.",
                    e);
        }
        return switch (state) {
            case "28P01" ->
                new SourceException(
                        ErrorCode.AUTHENTICATION_FAILED,
                        "the server refused the password for " + where
                                + ". Check user and password (URL, PGPASSWORD or .pgpass).",
                        e);
            case "28000", "08004" ->
                new SourceException(
                        ErrorCode.AUTHENTICATION_FAILED,
                        "the server refused the login at " + where + ": " + said
                                + ". Check user, password and the server's pg_hba.conf.",
                        e);
            case "3D000" ->
                new SourceException(
                        ErrorCode.DATABASE_MISSING,
                        "no such database at " + where + ". Check the name after the last slash of the URL.",
                        e);
            case "42501" ->
                new SourceException(
                        ErrorCode.REPLICATION_PRIVILEGE_MISSING,
                        "the role may not open a replication connection to " + where
                                + ". As a superuser: ALTER ROLE ... REPLICATION.",
                        e);
            case "53300" ->
                new SourceException(
                        ErrorCode.SLOTS_EXHAUSTED,
                        "no free connection or walsender at " + where + ": " + said
                                + ". Raise max_wal_senders or max_connections, or stop another consumer.",
                        e);
            default ->
                new SourceException(
                        ErrorCode.SOURCE_UNREACHABLE,
                        "no connection to " + where + ": " + said
                                + ". Check host and port, and that the server runs and listens there.",
                        e);
        };
    }

    /**
     * An error of a statement on an open connection.
     *
     * @param doing completes "while …"
     */
    public static SourceException statement(SQLException e, String doing) {
        String state = String.valueOf(e.getSQLState());
        String said = said(e);
        if (state.startsWith("08") || state.startsWith("57P")) {
            return new SourceException(
                    ErrorCode.CONNECTION_LOST,
                    "the connection was lost while " + doing + ": " + said + ". Start again once the server is back.",
                    e);
        }
        return switch (state) {
            case "55006" ->
                new SourceException(
                        ErrorCode.SLOT_IN_USE,
                        said + " (while " + doing + "). Stop that consumer or choose another --slot.",
                        e);
            case "42501" ->
                new SourceException(
                        ErrorCode.PRIVILEGE_MISSING,
                        said + " (while " + doing + "). Grant what is missing, or let its owner do it.",
                        e);
            case "53400" ->
                new SourceException(
                        ErrorCode.SLOTS_EXHAUSTED,
                        said + " (while " + doing + "). Drop an unused slot or raise max_replication_slots.",
                        e);
            default ->
                new SourceException(
                        ErrorCode.SOURCE_SQL_FAILED,
                        said + " (SQLSTATE " + state + ", while " + doing + "). Check the statement's objects there.",
                        e);
        };
    }

    /** The server's own first line; without "ERROR:" in front and without a full stop at the end. */
    private static String said(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int line = message.indexOf('\n');
        String first = (line < 0 ? message : message.substring(0, line)).strip();
        first = first.replaceFirst("^(ERROR|FATAL|PANIC): ", "");
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }
}
