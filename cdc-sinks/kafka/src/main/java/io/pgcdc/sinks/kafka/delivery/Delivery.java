package io.pgcdc.sinks.kafka.delivery;

/** The choices of {@code delivery}. */
public enum Delivery {
    /** Records and position in one Kafka transaction. */
    EXACTLY_ONCE,
    /** No transactions: after a crash some records repeat. */
    AT_LEAST_ONCE
}
