package io.pgcdc.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Server settings that each session sets for itself, because the role, the database or the server may have other defaults.
 * Immutable.
 *
 * @param pinned name to value, exactly as SHOW prints it; each is verified
 * @param further statements that set what the session needs in addition
 */
public record SessionSettings(Map<String, String> pinned, List<String> further) {

    /**
     * User settings of PostgreSQL 14 to 18 that end a statement, a transaction or a session after some time. wal_sender_timeout and
     * tcp_user_timeout are not in the list: with them the server detects a client that is gone. deadlock_timeout is not, because it
     * ends nothing.
     */
    static final List<String> TIME_LIMITS = List.of(
            "idle_session_timeout",
            "transaction_timeout",
            "idle_in_transaction_session_timeout",
            "statement_timeout",
            "lock_timeout");

    /** Disables those {@link #TIME_LIMITS} that the server has. */
    private static final String NO_TIME_LIMITS =
            "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN ("
                    + TIME_LIMITS.stream().map(Quoted::literal).collect(Collectors.joining(", ")) + ")";

    /** Settings of every session. The text of values, and the meaning of our SQL, depend on them. */
    public static final SessionSettings EVERYWHERE = new SessionSettings(
            ordered(
                    "TimeZone", "UTC", // pgjdbc sends the JVM's when it connects
                    "DateStyle", "ISO, YMD",
                    "IntervalStyle", "postgres",
                    "extra_float_digits", "1",
                    "bytea_output", "hex",
                    "quote_all_identifiers", "off",
                    "lc_monetary", "C",
                    // otherwise a backslash in a literal starts an escape
                    "standard_conforming_strings", "on"),
            List.of());

    /** Settings of both connections to the source. */
    public static final SessionSettings OF_SOURCE = EVERYWHERE
            // regclass, regtype and similar types omit a schema that is in the search path
            .with("search_path", "pg_catalog")
            // the server reports a skipped publication only in a warning
            .with("client_min_messages", "notice");

    public SessionSettings {
        pinned = Collections.unmodifiableMap(new LinkedHashMap<>(pinned));
        further = List.copyOf(further);
    }

    private static Map<String, String> ordered(String... namesAndValues) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return settings;
    }

    /** Returns these settings and one more. */
    public SessionSettings with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(pinned);
        more.put(name, value);
        return new SessionSettings(more, further);
    }

    /** Returns these settings and one more statement. */
    public SessionSettings and(String sql) {
        List<String> more = new ArrayList<>(further);
        more.add(sql);
        return new SessionSettings(pinned, more);
    }

    /**
     * A setting without the value that was set.
     *
     * @param actual the value that SHOW printed
     */
    public record Difference(String name, String expected, String actual) {

        String message(String where) {
            return "setting " + name + " is '" + actual + "' after SET to '" + expected + "' at " + where + ". "
                    + Pooler.REMEDY;
        }
    }

    /**
     * Sets all of them on the connection, in three round trips.
     *
     * @return the first setting that has another value afterwards, or null
     */
    public @Nullable Difference pin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(NO_TIME_LIMITS); // first: idle_session_timeout runs from the login on
            statement.execute(sql());
            return difference(statement);
        }
    }

    private String sql() {
        List<String> statements = new ArrayList<>();
        pinned.forEach((name, value) -> statements.add("SET " + name + " TO " + Quoted.literal(value)));
        statements.addAll(further);
        return String.join("; ", statements);
    }

    private @Nullable Difference difference(Statement statement) throws SQLException {
        List<String> names = List.copyOf(pinned.keySet());
        String sql = names.stream()
                .map(name -> "pg_catalog.current_setting(" + Quoted.literal(name) + ")")
                .collect(Collectors.joining(", ", "SELECT ", ""));
        try (ResultSet row = statement.executeQuery(sql)) {
            boolean answered = row.next();
            for (int i = 0; i < names.size(); i++) {
                String expected = pinned.get(names.get(i));
                String actual = answered ? String.valueOf(row.getString(i + 1)) : "nothing";
                if (!actual.equals(expected)) {
                    return new Difference(names.get(i), String.valueOf(expected), actual);
                }
            }
        }
        return null;
    }
}
