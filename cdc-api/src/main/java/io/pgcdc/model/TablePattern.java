package io.pgcdc.model;

import org.jspecify.annotations.Nullable;

/**
 * One table, or all tables of a schema.
 *
 * @param name null for all tables
 */
public record TablePattern(String schema, @Nullable String name) {

    private static final String FORM = "schema.table or schema.*; a name with other than a-z 0-9 _ $ in double quotes";
    private static final String ALL = ".*";

    /**
     * Reads {@code public.users} or {@code public.*}, quoted like {@link TableName#parse} requires.
     *
     * @throws IllegalArgumentException with a message that completes "write ..."
     */
    public static TablePattern parse(String text) {
        if (text.endsWith(ALL)) {
            String schema = text.substring(0, text.length() - ALL.length());
            return new TablePattern(Identifiers.parse(schema, 1, FORM).get(0), null);
        }
        var parts = Identifiers.parse(text, 2, FORM);
        return new TablePattern(parts.get(0), parts.get(1));
    }

    public boolean matches(String tableSchema, String tableName) {
        return schema.equals(tableSchema) && (name == null || name.equals(tableName));
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return name == null ? Identifiers.join(schema) + ALL : Identifiers.join(schema, name);
    }
}
