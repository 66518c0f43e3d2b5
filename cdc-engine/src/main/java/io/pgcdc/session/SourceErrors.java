package io.pgcdc.session;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.Outlook;
import io.pgcdc.error.Remedy;
import io.pgcdc.error.SourceException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * Maps pgjdbc's errors to our codes, by SQLSTATE (PostgreSQL documentation, "PostgreSQL Error Codes"). If a state has several
 * meanings, the name of the server's function decides: lc_messages translates the message, but not that name.
 */
public final class SourceErrors {

    private static final String PASSWORD_PLACES = "the URL, PGPASSWORD, .pgpass or password_command";

    /** Sets wal_level. */
    public static final Remedy WAL_LEVEL_REMEDY = Remedy.sql(
                    "Managed servers have a parameter for it: rds.logical_replication on Amazon RDS, cloudsql.logical_decoding on Google"
                            + " Cloud SQL. Elsewhere, as a superuser",
                    "ALTER SYSTEM SET wal_level = logical;")
            .thenRestart();

    /** Makes errors of a login at the source. */
    public static final PinnedLogin.Errors LOGIN = new PinnedLogin.Errors() {
        @Override
        public RuntimeException connecting(SQLException e, String where) {
            return SourceErrors.connecting(e, where);
        }

        @Override
        public RuntimeException statement(SQLException e, String doing, String where) {
            return SourceErrors.statement(e, doing + " at " + where);
        }

        @Override
        public RuntimeException notPinned(String message) {
            return new SourceException(ErrorCode.SESSION_NOT_PINNED, message);
        }
    };

    private SourceErrors() {}

    /**
     * Returns the error of a failed attempt to connect.
     *
     * @param where host, port, database and user, without the password
     */
    public static SourceException connecting(SQLException e, String where) {
        String state = String.valueOf(e.getSQLState());
        String said = ServerWords.said(e);
        return switch (state) {
            case "28P01" ->
                refused(
                        e,
                        ErrorCode.AUTHENTICATION_FAILED,
                        "the server refused the password",
                        where,
                        "Set the right one in " + PASSWORD_PLACES + ".");
            case "28000" ->
                refused(
                        e,
                        ErrorCode.AUTHENTICATION_FAILED,
                        "the server refused the login: " + said,
                        where,
                        routine(e).equals("InitializeSessionUserId")
                                ? "Check the user in the URL (or PGUSER): the role must exist and have LOGIN."
                                : "The server's pg_hba.conf needs a line for it; where that line is hostssl, set sslmode=require; where it says"
                                        + " cert, set sslcert and sslkey.");
            case "3D000" ->
                refused(e, ErrorCode.DATABASE_MISSING, said, where, "Check the database in the URL (or PGDATABASE).");
            case "42501" -> notPermitted(e, said, where);
            case "53300" ->
                refused(
                        e,
                        ErrorCode.SLOTS_EXHAUSTED,
                        "no free connection or walsender: " + said,
                        where,
                        "Raise max_wal_senders or max_connections, or stop another consumer.");
            case "55000" ->
                refused(
                        e,
                        ErrorCode.SOURCE_UNREACHABLE,
                        said,
                        where,
                        "Check the database in the URL (or PGDATABASE): it must accept connections.");
            case "57P01", "57P02", "57P03" ->
                refused(
                        e,
                        ErrorCode.SOURCE_UNREACHABLE,
                        "the server takes no connections now: " + said,
                        where,
                        "Start again once it is up.");
            default -> noConnection(e, state, said, where);
        };
    }

    private static SourceException notPermitted(SQLException e, String said, String where) {
        if (routine(e).equals("CheckMyDatabase")) {
            return refused(e, ErrorCode.PRIVILEGE_MISSING, said, where, "The role needs the privilege CONNECT.");
        }
        return refused(
                e,
                ErrorCode.REPLICATION_PRIVILEGE_MISSING,
                "the role may not open a replication connection: " + said,
                where,
                "As a superuser: ALTER ROLE ... REPLICATION.");
    }

    /** Returns an error that is not the server's: pgjdbc, TLS or the network failed. */
    private static SourceException noConnection(SQLException e, String state, String said, String where) {
        LoginFault fault = LoginFault.of(e);
        if (fault != null) {
            return refused(
                    e,
                    fault.tls() ? ErrorCode.TLS_FAILED : ErrorCode.AUTHENTICATION_FAILED,
                    fault.happened(),
                    where,
                    fault.remedy());
        }
        Throwable root = root(e);
        if (root instanceof UnknownHostException) {
            return refused(
                    e,
                    ErrorCode.SOURCE_UNREACHABLE,
                    "the host name cannot be resolved",
                    where,
                    "Check the host in the URL (or PGHOST).");
        }
        if (root instanceof ConnectException) {
            return refused(
                    e,
                    ErrorCode.SOURCE_UNREACHABLE,
                    "the connection was refused",
                    where,
                    "Check host and port, and that the server runs and listens there.");
        }
        if (root instanceof SocketTimeoutException) {
            return refused(
                    e,
                    ErrorCode.SOURCE_UNREACHABLE,
                    "the server did not answer in time",
                    where,
                    "Check host and port, and firewalls in between.");
        }
        if (state.equals("08P01") && ServerWords.message(e) != null) {
            return refused(
                    e,
                    ErrorCode.SOURCE_UNREACHABLE,
                    "a pooler answers, not PostgreSQL: " + said,
                    where,
                    "Connect to the server itself.");
        }
        if (state.equals("08P01")) {
            return refused(
                    e,
                    ErrorCode.SOURCE_UNREACHABLE,
                    "the other side is not a PostgreSQL server (" + said + ")",
                    where,
                    "Check host and port.");
        }
        if (said.contains("SSL") || root instanceof javax.net.ssl.SSLException) {
            return refused(
                    e,
                    ErrorCode.TLS_FAILED,
                    "TLS connection failed: " + said,
                    where,
                    "Set sslmode (disable, require, verify-full) to what the server offers.");
        }
        if (state.equals("08004")) {
            return refused(
                    e, ErrorCode.AUTHENTICATION_FAILED, said, where, "Set the password in " + PASSWORD_PLACES + ".");
        }
        // the system's own message; for a Unix socket: no such file, permission denied
        String why = root instanceof SocketException && root.getMessage() != null ? root.getMessage() : said;
        return refused(
                e,
                ErrorCode.SOURCE_UNREACHABLE,
                "no connection: " + why,
                where,
                "Check host and port, and that a PostgreSQL server listens there.");
    }

    /** @param words the remedy if no SQL helps; else the SQL follows them */
    private static SourceException refused(
            SQLException e, ErrorCode code, String happened, String where, String words) {
        Remedy sql = RefusedLogin.remedy(e, where);
        Remedy remedy = sql == null ? Remedy.words(words) : sql.after(words);
        return new SourceException(Finding.fatal(code, happened, where, remedy), e);
    }

    /**
     * Returns the error of a statement on an open connection.
     *
     * @param doing completes "while …"
     */
    public static SourceException statement(SQLException e, String doing) {
        String state = String.valueOf(e.getSQLState());
        String said = ServerWords.said(e);
        if (Outlook.of(e.getSQLState()) == Outlook.CONNECTION || state.startsWith("57P")) {
            String why = root(e) instanceof SocketTimeoutException ? "the server did not answer in time" : said;
            return refusal(
                    e,
                    ErrorCode.CONNECTION_LOST,
                    "the connection was lost while " + doing + ": " + why + ". Start again once the server is back.");
        }
        String happened = said + "; while " + doing;
        if (routine(e).equals("CheckLogicalDecodingRequirements")) {
            return refusal(e, ErrorCode.WAL_LEVEL_NOT_LOGICAL, happened + ". " + WAL_LEVEL_REMEDY.text());
        }
        if (routine(e).startsWith("ReplicationSlot") && state.equals("53400")) {
            return refusal(
                    e, ErrorCode.SLOTS_EXHAUSTED, happened + ". Drop an unused slot or raise max_replication_slots.");
        }
        return switch (state) {
            case "55006" ->
                refusal(e, ErrorCode.SLOT_IN_USE, happened + ". Stop that consumer or choose another --slot.");
            case "42501" ->
                refusal(
                        e,
                        ErrorCode.PRIVILEGE_MISSING,
                        happened + ". Run it first as a role with the privilege, or grant the privilege.");
            case "42P01", "3F000" ->
                refusal(e, ErrorCode.TABLE_MISSING, happened + ". Check schema and name (--table), and the database.");
            default ->
                refusal(e, ErrorCode.SOURCE_SQL_FAILED, happened + " (SQLSTATE " + state + "). " + remedy(state));
        };
    }

    private static String remedy(String state) {
        if (state.equals("42710")) {
            return "Take another name, or drop the one that exists (a slot: cdc slot drop).";
        }
        if (state.equals("53400")) {
            return "Raise that limit for the role, for example: ALTER ROLE ... SET temp_file_limit = '10GB';";
        }
        return switch (Outlook.of(state)) {
            case CONNECTION, SERVER -> "The server lacks memory, disk or connections: its log says which.";
            case CONTENTION ->
                "Another session holds a lock that it needs, or cancelled it: SELECT * FROM pg_stat_activity; and the server's log show"
                        + " which.";
            case PERMANENT -> "Check that the statement's objects exist on the source.";
        };
    }

    /**
     * Returns an error that the server sent in the stream.
     *
     * @param slot the slot's name
     */
    public static SourceException streaming(SQLException e, String slot, String where) {
        if ("42704".equals(e.getSQLState()) && routine(e).contains("ublication")) {
            return refusal(
                    e,
                    ErrorCode.PUBLICATION_SLOT_ORDER,
                    ServerWords.said(e) + " at the WAL that slot \"" + slot
                            + "\" has reached: the slot is older than the "
                            + "publication, or the publication was dropped; " + where
                            + ". Start again with another --slot, --create-slot and another --queue-dir; or give up what the slot has not sent: SELECT"
                            + " pg_replication_slot_advance(" + Quoted.literal(slot)
                            + ", pg_current_wal_lsn()); and then start with --accept-gap.");
        }
        return statement(e, "streaming slot \"" + slot + "\" from " + where);
    }

    private static SourceException refusal(SQLException cause, ErrorCode code, String message) {
        return new SourceException(code, message, cause);
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Returns the server's function that reported the error, or an empty string. */
    static String routine(SQLException e) {
        @Nullable ServerErrorMessage message = ServerWords.message(e);
        @Nullable String routine = message == null ? null : message.getRoutine();
        return routine == null ? "" : routine;
    }
}
