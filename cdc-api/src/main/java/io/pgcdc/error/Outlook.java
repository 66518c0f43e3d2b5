package io.pgcdc.error;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an SQLSTATE that the source answered says about trying again: the one table for it (PostgreSQL documentation, "PostgreSQL Error
 * Codes"). A state that is not in it is PERMANENT.
 */
public enum Outlook {
    /** The session ended and the server goes on: connect again. */
    CONNECTION,
    /** The server stops, starts, or is short of connections, memory or disk: try again for as long as that lasts. */
    SERVER,
    /** Someone else holds what is needed, or cancelled it: try again. */
    CONTENTION,
    /** The same comes again until a person changes something. */
    PERMANENT;

    private static final int CLASS_LENGTH = 2;

    /** By class. */
    private static final Map<String, Outlook> CLASSES = Map.of(
            "08", CONNECTION,
            "40", CONTENTION,
            "53", SERVER,
            "57", SERVER);

    /** Those that differ from their class. */
    private static final Map<String, Outlook> STATES = states();

    private static Map<String, Outlook> states() {
        Map<String, Outlook> states = new HashMap<>();
        // time limits of a session
        states.put("25P03", CONNECTION);
        states.put("25P04", CONNECTION);
        states.put("57P05", CONNECTION);
        // the database was dropped: the next connection is told so
        states.put("57P04", CONNECTION);
        states.put("55006", CONTENTION);
        states.put("55P03", CONTENTION);
        states.put("57014", CONTENTION);
        return Map.copyOf(states);
    }

    /** @param sqlState null or empty: no answer came at all */
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
