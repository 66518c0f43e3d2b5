package io.pgcdc.sinks.debezium;

/** The {@code op} of a record. A key change has two records, DELETE and CREATE. */
public enum Op {
    CREATE('c', false, true),
    UPDATE('u', true, true),
    DELETE('d', true, false),
    TRUNCATE('t', false, false),
    MESSAGE('m', false, false),
    READ('r', false, true);

    private final char code;
    private final boolean before;
    private final boolean after;

    Op(char code, boolean before, boolean after) {
        this.code = code;
        this.before = before;
        this.after = after;
    }

    /** Returns the op's letter. */
    public char code() {
        return code;
    }

    /** Returns true if the record shows the old row, as far as it is known. */
    public boolean hasBefore() {
        return before;
    }

    /** Returns true if the record shows the new row. */
    public boolean hasAfter() {
        return after;
    }
}
