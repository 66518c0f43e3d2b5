package io.pgcdc.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Server settings that the text of values depends on. Every connection that reads values sets each of them and then verifies it
 * by SHOW: pgjdbc sends the JVM's time zone when it connects, and the role and the database may carry defaults of their own.
 */
public final class SessionSettings {

    /** Setting name to value, exactly as SHOW prints it back. */
    public static final Map<String, String> PINNED = pinned();

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
        settings.put("statement_timeout", "0");
        settings.put("lock_timeout", "0");
        settings.put("idle_in_transaction_session_timeout", "0");
        return java.util.Collections.unmodifiableMap(settings);
    }
}
