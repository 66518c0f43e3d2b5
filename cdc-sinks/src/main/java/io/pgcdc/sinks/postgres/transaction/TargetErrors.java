package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.error.SourceErrors;
import io.pgcdc.error.SourceException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
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

    /** A standby after a failover; an object in use; a lock not to be had. */
    private static final Set<String> PASSING = Set.of("25006", "55006", "55P03");

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
            default -> ErrorCode.TARGET_LOST;
        };
        return new SinkException(code, String.valueOf(said.getMessage()), e);
    }

    /** Whether the target would refuse the row again and again, and takes others. */
    public static boolean isRefusal(SQLException e) {
        String state = state(e);
        return !isNoPartition(e)
                && (isRaised(e)
                        || state.startsWith("22")
                        || state.startsWith("23")
                        || state.startsWith("P0")
                        || state.startsWith("44")
                        || state.startsWith("21")
                        || state.equals("54000"));
    }

    /** A function of the database's own, with whatever SQLSTATE it likes. */
    private static boolean isRaised(SQLException e) {
        ServerErrorMessage said = message(e);
        return said != null && RAISE.equals(said.getRoutine());
    }

    /** What was refused, in words without values. */
    static String refusal(SQLException e) {
        String state = state(e);
        StringBuilder text =
                new StringBuilder(isRaised(e) ? RAISED : REFUSALS.getOrDefault(state, "a value does not fit"));
        ServerErrorMessage said = message(e);
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
        if (state.startsWith("08")
                || state.startsWith("57P")
                || state.equals("25P03")
                || state.equals("25P04")
                || state.isEmpty()) {
            return error(
                    ErrorCode.TARGET_LOST,
                    "the connection was lost while " + doing + "; " + where + ". Look whether the server runs.",
                    e);
        }
        if (isNoPartition(e)) {
            return error(
                    ErrorCode.TARGET_MISSING,
                    "there is no partition for a row; while " + doing + " at " + where
                            + ". Create it, or let the sink do so with partition: day (or hour, week, month).",
                    e);
        }
        if (isPassing(state)) {
            return error(
                    ErrorCode.TARGET_BUSY,
                    said(e) + "; while " + doing + " at " + where
                            + ". If it goes on, look who holds the lock, and whether disk and memory suffice.",
                    e);
        }
        return switch (state) {
            case "42501" ->
                error(
                        ErrorCode.TARGET_PRIVILEGE_MISSING,
                        said(e) + "; while " + doing + " at " + where + ". Grant it to the sink's role.",
                        e);
            case "42P01", "3F000", "42883" ->
                error(
                        ErrorCode.TARGET_MISSING,
                        said(e) + "; while " + doing + " at " + where
                                + ". Create it, or let the sink do so with create: true.",
                        e);
            case "42703", "42804", "42P10", "428C9", "42846", "42809", "42704" ->
                error(
                        ErrorCode.TARGET_MISFIT,
                        said(e) + "; while " + doing + " at " + where + ". Alter the table, or the sink's settings.",
                        e);
            default ->
                error(
                        ErrorCode.TARGET_SQL_FAILED,
                        (isRefusal(e) || isInFunction(e) ? refusal(e) : said(e) + " (SQLSTATE " + state + ")")
                                + "; while " + doing + " at " + where
                                + ". Look at that table's triggers and constraints.",
                        e);
        };
    }

    /** What a function of the database's own says may hold a row. */
    private static boolean isInFunction(SQLException e) {
        ServerErrorMessage said = message(e);
        return said != null && said.getWhere() != null;
    }

    private static boolean isPassing(String state) {
        return state.startsWith("40") || state.startsWith("53") || state.startsWith("57") || PASSING.contains(state);
    }

    private static boolean isNoPartition(SQLException e) {
        ServerErrorMessage said = message(e);
        return said != null && NO_PARTITION.equals(said.getRoutine());
    }

    private static SinkException error(ErrorCode code, String message, SQLException e) {
        return new SinkException(code, message, e);
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }

    private static @Nullable ServerErrorMessage message(SQLException e) {
        return e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    }

    /** The server's first line; of errors that concern objects, not values. */
    private static String said(SQLException e) {
        ServerErrorMessage message = message(e);
        String text = message == null ? e.getMessage() : message.getMessage();
        String first = String.valueOf(text).lines().findFirst().orElse("").strip();
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }
}
