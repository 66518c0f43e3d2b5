package io.pgcdc.session;

import java.util.List;
import java.util.stream.Collectors;

/** SQL quoting for replication commands, which take no parameters. */
public final class Quoted {

    private Quoted() {}

    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    public static String identifiers(List<String> names) {
        return names.stream().map(Quoted::identifier).collect(Collectors.joining(","));
    }

    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
