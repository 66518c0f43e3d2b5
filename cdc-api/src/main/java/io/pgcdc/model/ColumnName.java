package io.pgcdc.model;

/** A column by schema, table and name, as the catalog holds them. */
public record ColumnName(TableName table, String column) {

    private static final String FORM = "schema.table.column; a name with other than a-z 0-9 _ $ in double quotes";

    /**
     * Reads {@code public.users.email}, with the quotes that {@link TableName#parse} wants.
     *
     * @throws IllegalArgumentException with a message that completes "write ..."
     */
    public static ColumnName parse(String text) {
        var parts = Identifiers.parse(text, 3, FORM);
        return new ColumnName(new TableName(parts.get(0), parts.get(1)), parts.get(2));
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return Identifiers.join(table.schema(), table.name(), column);
    }
}
