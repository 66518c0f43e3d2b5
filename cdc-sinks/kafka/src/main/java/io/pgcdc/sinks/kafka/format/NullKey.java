package io.pgcdc.sinks.kafka.format;

/** The choices of {@code null_key}: how the sink treats a change that has no key. */
public enum NullKey {
    /** The record has no key. All such records of a table go to the same partition. */
    KEEP,
    /** The record's key is the table's name. */
    TABLE,
    /** The sink refuses the change. A TRUNCATE is sent without a key. */
    REFUSE
}
