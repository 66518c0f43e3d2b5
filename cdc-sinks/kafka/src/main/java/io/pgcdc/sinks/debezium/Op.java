package io.pgcdc.sinks.debezium;

/** The {@code op} of a record. A key change has two records, DELETE and CREATE. */
public enum Op {
    CREATE('c'),
    UPDATE('u'),
    DELETE('d'),
    TRUNCATE('t'),
    MESSAGE('m'),
    READ('r');

    private final char code;

    Op(char code) {
        this.code = code;
    }

    /** Returns the op's letter. */
    public char code() {
        return code;
    }
}
