package io.pgcdc.model;

import java.util.List;

/** A table by schema and name, both as the catalog holds them. */
public record TableName(String schema, String name) {

    private static final String FORM = "schema.table; a name with other than a-z 0-9 _ $ in double quotes";

    /**
     * Reads {@code public.users} or {@code "My Schema"."Users"}. Upper case without quotes is refused, because SQL would fold it and
     * a catalog's listing would not: nobody could tell which was meant.
     *
     * @throws IllegalArgumentException whose message completes "write …"
     */
    public static TableName parse(String text) {
        List<String> parts = Identifiers.parse(text, 2, FORM);
        return new TableName(parts.get(0), parts.get(1));
    }

    /** As SQL wants it, always quoted. */
    public String sql() {
        return '"' + schema.replace("\"", "\"\"") + "\".\"" + name.replace("\"", "\"\"") + '"';
    }

    /** As {@link #parse} reads it, quoted only where needed. */
    @Override
    public String toString() {
        return Identifiers.join(schema, name);
    }
}
