package io.pgcdc.sinks.kafka.format;

/** What becomes of a change whose row has no key. */
public enum NullKey {
    /** Its record has none, and goes to one partition for the whole table. */
    KEEP,
    /** The table's name is the key. */
    TABLE,
    /** It is refused. */
    REFUSE
}
