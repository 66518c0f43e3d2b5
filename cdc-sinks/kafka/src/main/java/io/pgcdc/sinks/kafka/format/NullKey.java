package io.pgcdc.sinks.kafka.format;

/** What to do with a change that has no key. */
public enum NullKey {
    /** Its record has no key, and goes to one partition for the whole table. */
    KEEP,
    /** The table's name is the key. */
    TABLE,
    /** The change is refused. */
    REFUSE
}
