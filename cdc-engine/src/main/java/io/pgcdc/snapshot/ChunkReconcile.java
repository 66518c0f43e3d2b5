package io.pgcdc.snapshot;

/**
 * The beginning or the end of a table in a snapshot that reconciles sinks. Has no rows.
 *
 * @param begins true for the beginning
 */
record ChunkReconcile(SnapshotTable table, boolean begins) implements ChunkQuery {

    /** The first word of the description. */
    static final String RECONCILE = "reconcile";

    @Override
    public String sql() {
        return table.select() + table.from() + " WHERE false";
    }

    @Override
    public String fileCheck() {
        return "SELECT true"; // there are no rows
    }

    @Override
    public boolean isDivisible() {
        return false;
    }

    @Override
    public String description() {
        return RECONCILE + " " + (begins ? "begins" : "ends") + " " + Integer.toUnsignedString(table.oid());
    }

    @Override
    public String toString() {
        return table.name() + ", " + (begins ? "begins" : "ends");
    }
}
