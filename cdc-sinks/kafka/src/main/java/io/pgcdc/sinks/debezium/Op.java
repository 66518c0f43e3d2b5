package io.pgcdc.sinks.debezium;

/** What a record tells: its {@code op}. A change of a key is told by two, DELETE and CREATE. */
public enum Op {
    CREATE('c'),
    UPDATE('u'),
    DELETE('d'),
    TRUNCATE('t'),
    MESSAGE('m');

    private final char code;

    Op(char code) {
        this.code = code;
    }

    /** The letter that stands for it. */
    public char code() {
        return code;
    }
}
