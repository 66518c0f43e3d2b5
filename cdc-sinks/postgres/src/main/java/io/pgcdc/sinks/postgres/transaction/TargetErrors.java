package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.error.SourceException;
import io.pgcdc.session.PinnedLogin;
import io.pgcdc.session.ServerWords;
import io.pgcdc.session.SourceErrors;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * What the target's errors mean, by SQLSTATE (PostgreSQL documentation, "PostgreSQL Error Codes"). A message never repeats what the
 * server said of a value: it may hold it.
 */
public final class TargetErrors {

    /** The server's function that finds no partition for a row; its SQLSTATE is that of a check constraint. */
    private static final String NO_PARTITION = "ExecFindPartition";

    /** That of PL/pgSQL's RAISE. */
    private static final String RAISE = "exec_stmt_raise";

    private static final Pattern FUNCTION = Pattern.compile("PL/pgSQL \\S+ ([^\\s(]+)\\(");

    private static final String READ_ONLY =
            "Where SELECT pg_is_in_recovery() gives true it is a standby: name the primary in the sink's"
                    + " url. Else ALTER DATABASE … RESET default_transaction_read_only, or the same of the role, lets it write.";

    private static final String LOCKED =
            "SELECT pid, usename, state, query FROM pg_stat_activity WHERE xact_start < now() - interval"
                    + " '1 minute' shows who may hold the lock; pg_terminate_backend(pid) ends a session.";

    private static final String RAISED = "a trigger of the table raised an exception";

    private static final Map<String, String> REFUSALS = Map.ofEntries(
            Map.entry("22001", "a value is too long for its column"),
            Map.entry("22003", "a number is out of its column's range"),
            Map.entry("22007", "a text is not a date or time"),
            Map.entry("22008", "a date or time is out of range"),
            Map.entry("22021", "a character is not in the database's encoding"),
            Map.entry("22023", "a value is not one that its type takes"),
            Map.entry("22030", "a JSON object has a key twice"),
            Map.entry("22P02", "a text does not fit its column's type"),
            Map.entry("22P05", "a character cannot be stored"),
            Map.entry("23502", "a column must not be null"),
            Map.entry("23503", "a foreign key points at nothing, or is pointed at"),
            Map.entry("23505", "a unique key is there already"),
            Map.entry("23514", "a check constraint does not hold"),
            Map.entry("23P01", "an exclusion constraint does not hold"),
            Map.entry("54000", "a row is too large for a page or an index"),
            Map.entry("P0002", "the row is not in the target, and the source sent only a part of it"),
            Map.entry("P0001", RAISED));

    /** Those of a login at a target. */
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

    /** An error while connecting. */
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
        return new SinkException(code, String.valueOf(said.getMessage()), e, state(e));
    }

    /** Of a server that answered: it takes no connections now, has none left, or will never take this one. */
    static ErrorCode connecting(String sqlState) {
        return switch (TargetFailure.of(sqlState)) {
            case LOST -> ErrorCode.TARGET_LOST;
            case BUSY -> ErrorCode.TARGET_BUSY;
            case REFUSED, PRIVILEGE, MISSING, MISFIT, FAILED -> ErrorCode.TARGET_LOGIN_REFUSED;
        };
    }

    /** Whether the target would refuse the row again and again, and takes others. */
    public static boolean isRefusal(SQLException e) {
        return !isNoPartition(e) && (isRaised(e) || TargetFailure.of(state(e)) == TargetFailure.REFUSED);
    }

    /** A function of the database's own, with whatever SQLSTATE it likes. */
    private static boolean isRaised(SQLException e) {
        ServerErrorMessage said = ServerWords.message(e);
        return said != null && RAISE.equals(said.getRoutine());
    }

    /** What was refused, in words without values. */
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

    /** The function that raised it, which the context names innermost first. */
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
     * An error of a statement.
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
                            + "Create it, or let the sink do so with partition: day (or hour, week, month).",
                    e);
        }
        return switch (TargetFailure.of(state)) {
            case LOST ->
                error(
                        ErrorCode.TARGET_LOST,
                        "the connection was lost while " + doing + "; " + where + ". Look whether the server runs.",
                        e);
            case BUSY -> new SinkException(ErrorCode.TARGET_BUSY, busy(e, state) + at + busyRemedy(state), e, state);
            case PRIVILEGE ->
                error(ErrorCode.TARGET_PRIVILEGE_MISSING, said(e) + at + "Grant it to the sink's role.", e);
            case MISSING ->
                error(
                        ErrorCode.TARGET_MISSING,
                        said(e) + at + "Create it, or let the sink do so with create: true.",
                        e);
            case MISFIT -> error(ErrorCode.TARGET_MISFIT, said(e) + at + "Alter the table, or the sink's settings.", e);
            case REFUSED, FAILED ->
                error(
                        ErrorCode.TARGET_SQL_FAILED,
                        (isRefusal(e) || isInFunction(e) ? refusal(e) : said(e) + " (SQLSTATE " + state + ")") + at
                                + "Look at that table's triggers and constraints.",
                        e);
        };
    }

    /** The server's words; not those of a function of the database's own. */
    private static String busy(SQLException e, String state) {
        boolean own = isRaised(e) || (state.startsWith("XX") && isInFunction(e));
        return own ? refusal(e) : said(e) + hint(e) + " (SQLSTATE " + state + ")";
    }

    /** What a person can do about a failure that does not pass. */
    private static String busyRemedy(String state) {
        return switch (state) {
            case "25006" -> READ_ONLY;
            case "55006", "55P03" -> LOCKED;
            case "57014" -> LOCKED + " If it waits for no lock, raise the sink's answer_timeout_ms.";
            case "53100" -> "Free space on the target's disk.";
            case "53300", "53400" -> "Free what others use, or raise that limit.";
            default ->
                state.startsWith("40")
                        ? "The target's log names the sessions that were in each other's way."
                        : "The target's log says more; see that its memory and disk suffice.";
        };
    }

    /** What a function of the database's own says may hold a row. */
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

    /** What the server advises; where it concerns limits, not values. */
    private static String hint(SQLException e) {
        ServerErrorMessage message = ServerWords.message(e);
        String hint = message == null ? null : message.getHint();
        return hint == null ? "" : ". " + (hint.endsWith(".") ? hint.substring(0, hint.length() - 1) : hint);
    }

    /** The server's first line; of errors that concern objects, not values. */
    private static String said(SQLException e) {
        ServerErrorMessage message = ServerWords.message(e);
        String text = message == null ? e.getMessage() : message.getMessage();
        String first = String.valueOf(text).lines().findFirst().orElse("").strip();
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }
}
