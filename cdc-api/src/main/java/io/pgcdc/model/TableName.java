package io.pgcdc.model;

import java.util.List;

/** A table by schema and name, both as the catalog has them. */
public record TableName(String schema, String name) {

    private static final String FORM = "schema.table; a name with other than a-z 0-9 _ $ in double quotes";

    /**
     * Reads {@code public.users} or {@code "My Schema"."Users"}. Refuses upper case without quotes: SQL folds it to lower case, but
     * a listing of the catalog does not, so its meaning is ambiguous.
     *
     * @throws IllegalArgumentException with a message that completes "write …"
     */
    public static TableName parse(String text) {
        List<String> parts = Identifiers.parse(text, 2, FORM);
        return new TableName(parts.get(0), parts.get(1));
    }

    /** Returns the name for SQL, always quoted. */
    public String sql() {
        return '"' + schema.replace("\"", "\"\"") + "\".\"" + name.replace("\"", "\"\"") + '"';
    }

    /** Returns the text that {@link #parse} reads, quoted only where needed. */
    @Override
    public String toString() {
        return Identifiers.join(schema, name);
    }
}
