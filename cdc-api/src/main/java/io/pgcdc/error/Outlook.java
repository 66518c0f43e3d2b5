package io.pgcdc.error;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells by SQLSTATE of the source whether trying again can help (PostgreSQL documentation, "PostgreSQL Error Codes"). No other
 * place judges SQLSTATEs of the source. A state that is not listed is PERMANENT.
 */
public enum Outlook {
    /** The session ended, but the server runs: connect again. */
    CONNECTION,
    /** The server stops, starts, or lacks connections, memory or disk: retry until it recovers. */
    SERVER,
    /** Another session holds what is needed, or cancelled the statement, or a limit is reached: retry, but not without end. */
    CONTENTION,
    /** The error repeats until a person changes something. */
    PERMANENT;

    private static final int CLASS_LENGTH = 2;

    /** By SQLSTATE class, the first two characters. */
    private static final Map<String, Outlook> CLASSES = Map.of(
            "08", CONNECTION,
            "40", CONTENTION,
            "53", SERVER,
            "57", SERVER);

    /** States that differ from their class. */
    private static final Map<String, Outlook> STATES = states();

    private static Map<String, Outlook> states() {
        Map<String, Outlook> states = new HashMap<>();
        // session timeouts
        states.put("25P03", CONNECTION);
        states.put("25P04", CONNECTION);
        states.put("57P05", CONNECTION);
        // the database was dropped: the next connection attempt reports it
        states.put("57P04", CONNECTION);
        // a statement reached a limit that somebody set, such as temp_file_limit
        states.put("53400", CONTENTION);
        states.put("55006", CONTENTION);
        states.put("55P03", CONTENTION);
        states.put("57014", CONTENTION);
        return Map.copyOf(states);
    }

    /** @param sqlState null or empty if the server did not answer */
    public static Outlook of(@Nullable String sqlState) {
        if (sqlState == null || sqlState.isEmpty()) {
            return CONNECTION;
        }
        Outlook exact = STATES.get(sqlState);
        if (exact != null) {
            return exact;
        }
        String group = sqlState.length() < CLASS_LENGTH ? sqlState : sqlState.substring(0, CLASS_LENGTH);
        return CLASSES.getOrDefault(group, PERMANENT);
    }
}
