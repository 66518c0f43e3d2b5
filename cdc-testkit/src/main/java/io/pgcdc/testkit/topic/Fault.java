package io.pgcdc.testkit.topic;

/**
 * A fault of what is in the topics.
 *
 * @param what names record and partition
 */
public record Fault(Rule rule, String what) {

    /** What must be true of the committed records. */
    public enum Rule {
        /** Each change is there once. */
        ONCE,
        /** In a partition, positions do not go back; and all records of a key are in one partition of their topic. */
        ORDER,
        /** A source transaction is in one Kafka transaction, over all topics. */
        WHOLE,
        /** A record is in a Kafka transaction, together with the offset of its change. */
        OFFSET,
        /** Rows of a snapshot are in a Kafka transaction together with progress in the offset of their table. */
        CHUNK
    }

    @Override
    public String toString() {
        return rule + ": " + what;
    }
}
