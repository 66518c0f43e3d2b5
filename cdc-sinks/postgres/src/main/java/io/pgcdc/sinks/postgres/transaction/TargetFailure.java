package io.pgcdc.sinks.postgres.transaction;

import java.util.Map;

/** The meaning of a target's error for the sink, by SQLSTATE (PostgreSQL documentation, "PostgreSQL Error Codes"). */
enum TargetFailure {

    /** The connection is lost: reconnect, without a limit. */
    LOST,
    /** The cause may pass: retry, a limited number of times. */
    BUSY,
    /** The target takes other rows, but never this one. */
    REFUSED,
    /** The role lacks a privilege. */
    PRIVILEGE,
    /** An object does not exist. */
    MISSING,
    /** An object does not have the form that the sink needs. */
    MISFIT,
    /** Any other error: a person must act. */
    FAILED;

    private static final int CLASS_LENGTH = 2;

    /** The meaning of each class of SQLSTATEs, by its first two characters. Other classes are FAILED. */
    private static final Map<String, TargetFailure> CLASSES = Map.of(
            "08", LOST,
            "21", REFUSED,
            "22", REFUSED,
            "23", REFUSED,
            "40", BUSY,
            "44", REFUSED,
            "53", BUSY,
            "57", BUSY,
            "58", BUSY,
            "P0", REFUSED);

    /** SQLSTATEs whose meaning differs from that of their class. */
    private static final Map<String, TargetFailure> STATES = Map.ofEntries(
            Map.entry("25006", BUSY), // a standby may be promoted
            Map.entry("25P03", LOST),
            Map.entry("25P04", LOST),
            Map.entry("3F000", MISSING),
            Map.entry("42501", PRIVILEGE),
            Map.entry("42703", MISFIT),
            Map.entry("42704", MISFIT),
            Map.entry("42804", MISFIT),
            Map.entry("42809", MISFIT),
            Map.entry("42846", MISFIT),
            Map.entry("42883", MISSING),
            Map.entry("428C9", MISFIT),
            Map.entry("42P01", MISSING),
            Map.entry("42P10", MISFIT),
            Map.entry("54000", REFUSED),
            Map.entry("55006", BUSY),
            Map.entry("55P03", BUSY),
            Map.entry("57P01", LOST),
            Map.entry("57P02", LOST),
            Map.entry("57P03", LOST),
            Map.entry("57P04", LOST),
            Map.entry("57P05", LOST),
            Map.entry("72000", BUSY),
            Map.entry("XX000", BUSY)); // also "tuple concurrently updated"

    /**
     * Returns the meaning of an SQLSTATE.
     *
     * @param sqlState five characters; empty if pgjdbc gave none, because the server did not answer
     */
    static TargetFailure of(String sqlState) {
        if (sqlState.length() < CLASS_LENGTH) {
            return LOST;
        }
        TargetFailure own = STATES.get(sqlState);
        return own != null ? own : CLASSES.getOrDefault(sqlState.substring(0, CLASS_LENGTH), FAILED);
    }
}
