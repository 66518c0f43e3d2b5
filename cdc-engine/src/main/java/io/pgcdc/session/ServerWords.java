package io.pgcdc.session;

import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Returns texts of a server's error, without the row values that they may contain. */
public final class ServerWords {

    /** SQLSTATE classes of errors in data, and of exceptions that functions raise. */
    private static final Set<String> ABOUT_DATA = Set.of("02", "20", "21", "22", "23", "2F", "38", "39", "44", "P0");

    /** A quotation mark of one of PostgreSQL's languages, where a value may begin. Only the value itself tells where it ends. */
    private static final Pattern QUOTE = Pattern.compile("[\"'«„“”‘’‚「『]");

    private static final Pattern LSN = Pattern.compile("\\b[0-9A-F]{1,8}/[0-9A-F]{1,8}\\b");

    private static final String RAISED = "P0";

    private ServerWords() {}

    /** Returns the error that the server sent, or null if it is pgjdbc's own or the network's. */
    public static @Nullable ServerErrorMessage message(@Nullable Throwable e) {
        return e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    }

    /** Returns its first line, without "ERROR:" at the start and without a full stop at the end. */
    public static String said(SQLException e) {
        String group = group(e);
        if (group.equals(RAISED)) {
            return "a function raised an exception";
        }
        String message = String.valueOf(e.getMessage());
        if (ABOUT_DATA.contains(group)) {
            message = withoutValues(message);
        }
        int line = message.indexOf('\n');
        String first = (line < 0 ? message : message.substring(0, line)).strip();
        first = first.replaceFirst("^(ERROR|FATAL|PANIC): +", "");
        first = first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
        return first;
    }

    private static String withoutValues(String message) {
        Matcher quote = QUOTE.matcher(message);
        return quote.find() ? message.substring(0, quote.start()) + "…" : message;
    }

    /** Returns its first line, SQLSTATE, detail and hint. */
    public static String all(SQLException e) {
        StringBuilder text = new StringBuilder(said(e)).append(" (SQLSTATE ").append(e.getSQLState());
        ServerErrorMessage message = message(e);
        if (message != null && !ABOUT_DATA.contains(group(e))) {
            append(text, "; ", message.getDetail());
            append(text, "; ", message.getHint());
        }
        return text.append(')').toString();
    }

    private static void append(StringBuilder text, String before, @Nullable String words) {
        if (words != null) {
            text.append(before).append(words.endsWith(".") ? words.substring(0, words.length() - 1) : words);
        }
    }

    /** Returns the LSN of the change at which it failed, from the error's context ("associated LSN"), or null if it has none. */
    public static @Nullable String lsn(SQLException e) {
        ServerErrorMessage message = message(e);
        String context = message == null ? null : message.getWhere();
        String last = null;
        if (context != null) {
            var matcher = LSN.matcher(context);
            while (matcher.find()) {
                last = matcher.group();
            }
        }
        return last;
    }

    private static String group(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.length() < 2 ? state : state.substring(0, 2);
    }
}
