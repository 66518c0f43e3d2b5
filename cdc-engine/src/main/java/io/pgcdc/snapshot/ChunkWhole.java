package io.pgcdc.snapshot;

/**
 * A whole table at once, while changes are streamed. For a table whose rows have no key: parts
 * of it would fit together only by chance.
 */
record ChunkWhole(SnapshotTable table) implements ChunkQuery {

    /** The first word of the description. */
    static final String WHOLE = "whole";

    @Override
    public String sql() {
        return table.select() + table.from() + " WHERE true" + table.filter();
    }

    @Override
    public String fileCheck() {
        return ChunkQuery.untouched(table);
    }

    @Override
    public boolean isDivisible() {
        return true; // its rows are counted against the limit
    }

    @Override
    public String description() {
        return WHOLE + " " + Integer.toUnsignedString(table.oid());
    }

    @Override
    public String toString() {
        return table.name().toString();
    }
}
