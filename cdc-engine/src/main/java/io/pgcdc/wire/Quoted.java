package io.pgcdc.wire;

import java.util.List;
import java.util.stream.Collectors;

/** SQL quoting for replication commands, which take no parameters. */
final class Quoted {

    private Quoted() {}

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String identifiers(List<String> names) {
        return names.stream().map(Quoted::identifier).collect(Collectors.joining(","));
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
