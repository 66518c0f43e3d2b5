package io.pgcdc.session;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names and texts in SQL that takes no parameters, such as DDL and replication commands. */
public final class Quoted {

    private Quoted() {}

    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Several, with commas between. */
    public static String identifiers(Collection<String> names) {
        return names.stream().map(Quoted::identifier).collect(Collectors.joining(", "));
    }

    /** Right where standard_conforming_strings is on, as each session of ours has it. */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
