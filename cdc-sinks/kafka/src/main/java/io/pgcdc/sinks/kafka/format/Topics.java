package io.pgcdc.sinks.kafka.format;

/** The cluster's topics. */
public interface Topics {

    /**
     * Makes sure that a topic is there.
     *
     * @return how many partitions it has
     * @throws io.pgcdc.error.SinkException when it is missing, and may not or cannot be made
     */
    int partitions(String topic);
}
