package io.pgcdc.sinks.kafka.delivery;

/** The choices of {@code delivery}. */
public enum Delivery {
    /** Records and position in one Kafka transaction. */
    EXACTLY_ONCE,
    /** Without transactions: after a crash some records come again. */
    AT_LEAST_ONCE
}
