package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.TableName;
import io.pgcdc.session.PinnedLogin;
import io.pgcdc.session.Quoted;
import io.pgcdc.session.ServerWords;
import io.pgcdc.session.SourceErrors;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * Maps the target's errors to our codes by SQLSTATE (PostgreSQL documentation, "PostgreSQL Error Codes"). A message never repeats
 * the server's text about a value, because it may contain the value.
 */
public final class TargetErrors {

    /** Our own SQLSTATE, of integrity violations: an event's id was used for another event. */
    public static final String USED_ID = "23CDC";

    /** The server's function that reports a row without a partition. It uses the SQLSTATE of a violated check constraint. */
    private static final String NO_PARTITION = "ExecFindPartition";

    /** The server's function that runs RAISE of PL/pgSQL. */
    private static final String RAISE = "exec_stmt_raise";

    private static final String UNIQUE_VIOLATION = "23505";

    /** The server's function that reads the text of an enum. */
    private static final String ENUM_IN = "enum_in";

    private static final Pattern FUNCTION = Pattern.compile("PL/pgSQL \\S+ ([^\\s(]+)\\(");

    private static final String READ_ONLY =
            "If SELECT pg_is_in_recovery() returns true, it is a standby: write the primary in the sink's url. Otherwise run"
                    + " ALTER DATABASE … RESET default_transaction_read_only, or ALTER ROLE … with the same.";

    private static final String LOCKED =
            "SELECT pid, usename, state, query FROM pg_stat_activity WHERE xact_start < now() - interval '1 minute' shows the"
                    + " sessions that may hold the lock; pg_terminate_backend(pid) ends one.";

    private static final String REPLICATION_ROLE = "session_replication_role";

    private static final String RAISED = "a trigger of the table raised an exception";

    private static final Map<String, String> REFUSALS = Map.ofEntries(
            Map.entry("22001", "a value is too long for its column"),
            Map.entry("22003", "a number is out of its column's range"),
            Map.entry("22007", "a text is not a date or time"),
            Map.entry("22008", "a date or time is out of range"),
            Map.entry("22021", "a character is not in the database's encoding"),
            Map.entry("22023", "a value is not valid for its type"),
            Map.entry("22030", "a JSON object has a key twice"),
            Map.entry("22P02", "a text does not fit its column's type"),
            Map.entry("22P05", "a character cannot be stored"),
            Map.entry("23502", "a column must not be null"),
            Map.entry("23503", "a foreign key has no referenced row, or still references the row"),
            Map.entry("23505", "a unique key already exists"),
            Map.entry("23514", "a check constraint is violated"),
            Map.entry("23P01", "an exclusion constraint is violated"),
            Map.entry("54000", "a row is too large for a page or an index"),
            Map.entry("P0002", "the target lacks the row, and the source sent only a part of it"),
            Map.entry(USED_ID, "it has an event of this id with another content"),
            Map.entry("P0001", RAISED));

    /** Creates the errors of a login at a target. */
    static final PinnedLogin.Errors LOGIN = new PinnedLogin.Errors() {
        @Override
        public RuntimeException connecting(SQLException e, String where) {
            return TargetErrors.connecting(e, where);
        }

        @Override
        public RuntimeException statement(SQLException e, String doing, String where) {
            return TargetErrors.statement(e, doing, where);
        }

        @Override
        public RuntimeException notPinned(String message) {
            return new SinkException(ErrorCode.SESSION_NOT_PINNED, message);
        }
    };

    private TargetErrors() {}

    /** Returns the error of a failed attempt to connect. */
    static SinkException connecting(SQLException e, String where) {
        SourceException said = SourceErrors.connecting(e, where);
        ErrorCode code = switch (said.code()) {
            case AUTHENTICATION_FAILED,
                    DATABASE_MISSING,
                    PRIVILEGE_MISSING,
                    REPLICATION_PRIVILEGE_MISSING,
                    TLS_FAILED -> ErrorCode.TARGET_LOGIN_REFUSED;
            default -> ServerWords.message(e) == null ? ErrorCode.TARGET_LOST : connecting(state(e));
        };
        return new SinkException(said.findings().get(0).with(code), e, state(e));
    }

    /**
     * Returns the code for a login that the server refused: TARGET_LOST if it accepts no connections now, TARGET_BUSY if it has none
     * left, TARGET_LOGIN_REFUSED if it will never accept this one.
     */
    static ErrorCode connecting(String sqlState) {
        return switch (TargetFailure.of(sqlState)) {
            case LOST -> ErrorCode.TARGET_LOST;
            case BUSY -> ErrorCode.TARGET_BUSY;
            case REFUSED, PRIVILEGE, MISSING, MISFIT, FAILED -> ErrorCode.TARGET_LOGIN_REFUSED;
        };
    }

    /** Returns true if the target will always refuse this row, but accepts others. */
    public static boolean isRefusal(SQLException e) {
        return !isNoPartition(e) && (isRaised(e) || TargetFailure.of(state(e)) == TargetFailure.REFUSED);
    }

    /** Returns true if a function of the database raised the error. The function may choose any SQLSTATE. */
    private static boolean isRaised(SQLException e) {
        ServerErrorMessage said = ServerWords.message(e);
        return said != null && RAISE.equals(said.getRoutine());
    }

    /** Returns what a person can do in the target, so that it takes the change. */
    static String refusalRemedy(SQLException e) {
        if (USED_ID.equals(e.getSQLState())) {
            return "If the outbox gives ids again, write identity: position";
        }
        ServerErrorMessage said = ServerWords.message(e);
        if (said != null && said.getConstraint() != null && UNIQUE_VIOLATION.equals(e.getSQLState())) {
            return "If the source has no such key any more: ALTER TABLE "
                    + new TableName(String.valueOf(said.getSchema()), String.valueOf(said.getTable())).sql()
                    + " DROP CONSTRAINT " + Quoted.identifier(String.valueOf(said.getConstraint()))
                    + "; in the target. Otherwise alter the table there";
        }
        return said != null && ENUM_IN.equals(said.getRoutine())
                ? "Its enum lacks a label of the source's: ALTER TYPE … ADD VALUE there"
                : "Alter the table there";
    }

    /** Returns a description of the refusal, without values. */
    static String refusal(SQLException e) {
        String state = state(e);
        StringBuilder text =
                new StringBuilder(isRaised(e) ? RAISED : REFUSALS.getOrDefault(state, "a value does not fit"));
        ServerErrorMessage said = ServerWords.message(e);
        if (said != null) {
            append(text, " (constraint \"", said.getConstraint(), "\")");
            append(text, " (column \"", said.getColumn(), "\")");
            append(text, " in function ", function(said), "");
        }
        return text.append(", SQLSTATE ").append(state).toString();
    }

    /** Returns the name of the function that raised the error, or null: the first function in the error's context. */
    private static @Nullable String function(ServerErrorMessage said) {
        String context = said.getWhere();
        Matcher function = FUNCTION.matcher(context == null ? "" : context);
        return function.find() ? function.group(1) : null;
    }

    private static void append(StringBuilder text, String before, @Nullable String name, String after) {
        if (name != null) {
            text.append(before).append(name).append(after);
        }
    }

    /**
     * Returns the error of a statement.
     *
     * @param doing completes "while …"
     */
    public static SinkException statement(SQLException e, String doing, String where) {
        String state = state(e);
        String at = "; while " + doing + " at " + where + ". ";
        if (isNoPartition(e)) {
            return error(
                    ErrorCode.TARGET_MISSING,
                    "there is no partition for a row" + at
                            + "Create it, or write partition: day (or hour, week, month).",
                    e);
        }
        return switch (TargetFailure.of(state)) {
            case LOST ->
                error(
                        ErrorCode.TARGET_LOST,
                        "the connection was lost while " + doing + "; " + where
                                + ". Check that the server runs, with psql or pg_isready.",
                        e);
            case BUSY -> new SinkException(ErrorCode.TARGET_BUSY, busy(e, state) + at + busyRemedy(state), e, state);
            case PRIVILEGE ->
                error(
                        ErrorCode.TARGET_PRIVILEGE_MISSING,
                        said(e)
                                + at
                                + (said(e).contains(REPLICATION_ROLE)
                                        ? "As a superuser, from PostgreSQL 15: GRANT SET ON PARAMETER "
                                                + REPLICATION_ROLE
                                                + " TO the sink's role; before 15 the role must be a superuser."
                                        : "Grant it to the sink's role."),
                        e);
            case MISSING -> error(ErrorCode.TARGET_MISSING, said(e) + at + "Create it, or write create: true.", e);
            case MISFIT -> error(ErrorCode.TARGET_MISFIT, said(e) + at + "Alter the table, or the sink's settings.", e);
            case REFUSED, FAILED ->
                error(
                        ErrorCode.TARGET_SQL_FAILED,
                        (isRefusal(e) || isInFunction(e) ? refusal(e) : said(e) + " (SQLSTATE " + state + ")") + at
                                + "Check that table's triggers and constraints, with \\d in psql.",
                        e);
        };
    }

    /** Returns the server's message. Returns a description without values if a function of the database raised the error. */
    private static String busy(SQLException e, String state) {
        boolean own = isRaised(e) || (state.startsWith("XX") && isInFunction(e));
        return own ? refusal(e) : said(e) + hint(e) + " (SQLSTATE " + state + ")";
    }

    /** Returns the remedy for a failure that retries do not end. */
    private static String busyRemedy(String state) {
        return switch (state) {
            case "25006" -> READ_ONLY;
            case "55006", "55P03" -> LOCKED;
            case "57014" -> LOCKED + " If it waits for no lock, raise the sink's answer_timeout_ms.";
            case "53100" -> "Free space on the target's disk.";
            case "53200" ->
                "If it has no room for locks, raise max_locks_per_transaction there, and restart it. Otherwise check its free memory.";
            case "53300", "53400" -> "End other sessions that use it, or raise that limit.";
            default ->
                state.startsWith("40")
                        ? "The target's log names the sessions of the deadlock."
                        : "Read the target's log, and check its free memory and disk.";
        };
    }

    /** Returns true if the error comes from a function of the database. Its message may then contain a row. */
    private static boolean isInFunction(SQLException e) {
        ServerErrorMessage said = ServerWords.message(e);
        return said != null && said.getWhere() != null;
    }

    private static boolean isNoPartition(SQLException e) {
        ServerErrorMessage said = ServerWords.message(e);
        return said != null && NO_PARTITION.equals(said.getRoutine());
    }

    private static SinkException error(ErrorCode code, String message, SQLException e) {
        return new SinkException(code, message, e);
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }

    /** Returns the server's hint, or the empty text. Call this only for a busy server: its hints concern limits. */
    private static String hint(SQLException e) {
        ServerErrorMessage message = ServerWords.message(e);
        String hint = message == null ? null : message.getHint();
        return hint == null ? "" : ". " + (hint.endsWith(".") ? hint.substring(0, hint.length() - 1) : hint);
    }

    /** Returns the first line of the server's message. Call this only for errors about objects: their messages contain no values. */
    private static String said(SQLException e) {
        ServerErrorMessage message = ServerWords.message(e);
        String text = message == null ? e.getMessage() : message.getMessage();
        String first = String.valueOf(text).lines().findFirst().orElse("").strip();
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }
}
