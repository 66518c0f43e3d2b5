package io.pgcdc.session;

import java.util.Collection;
import java.util.stream.Collectors;

/** Quotes names and texts for SQL without parameters, such as DDL and replication commands. */
public final class Quoted {

    private Quoted() {}

    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Returns several names, separated by commas. */
    public static String identifiers(Collection<String> names) {
        return names.stream().map(Quoted::identifier).collect(Collectors.joining(", "));
    }

    /** Returns a string literal. Correct only if standard_conforming_strings is on, as it is in our sessions. */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
