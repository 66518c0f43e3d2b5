package io.pgcdc.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Server settings that every connection of ours sets for itself, because the role, the database or the server may carry other defaults. First
 * the time limits go ({@link #NO_TIME_LIMITS}); then come the settings that the text of values depends on ({@link #PINNED}).
 */
public final class SessionSettings {

    /**
     * Text formats, name to value, exactly as SHOW prints it back. Each is verified by SHOW: pgjdbc sends the JVM's time zone when it
     * connects.
     */
    public static final Map<String, String> PINNED = pinned();

    /**
     * The user settings of 14 to 18 that end a statement, a transaction or a session by the clock. Not among them: wal_sender_timeout and
     * tcp_user_timeout, by which the server notices a client that is gone, and deadlock_timeout, which ends nothing.
     */
    static final List<String> TIME_LIMITS = List.of(
            "idle_session_timeout",
            "transaction_timeout",
            "idle_in_transaction_session_timeout",
            "statement_timeout",
            "lock_timeout");

    /**
     * Switches off those of {@link #TIME_LIMITS} that the server has. To be the first statement of a connection: idle_session_timeout runs
     * from the login on.
     */
    public static final String NO_TIME_LIMITS =
            "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN ("
                    + TIME_LIMITS.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ")) + ")";

    private SessionSettings() {}

    private static Map<String, String> pinned() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("TimeZone", "UTC");
        settings.put("DateStyle", "ISO, YMD");
        settings.put("IntervalStyle", "postgres");
        settings.put("extra_float_digits", "1");
        settings.put("bytea_output", "hex");
        settings.put("quote_all_identifiers", "off");
        settings.put("lc_monetary", "C");
        // regclass, regtype and their kin leave out the schema of what the search path finds
        settings.put("search_path", "pg_catalog");
        // the server's warnings carry what invariant 5 must see
        settings.put("client_min_messages", "notice");
        return Collections.unmodifiableMap(settings);
    }
}
