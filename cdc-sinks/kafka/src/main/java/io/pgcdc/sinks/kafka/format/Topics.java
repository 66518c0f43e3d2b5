package io.pgcdc.sinks.kafka.format;

/** The cluster's topics. */
public interface Topics {

    /**
     * Makes sure that a topic exists.
     *
     * @return the number of its partitions
     * @throws io.pgcdc.error.SinkException if it is missing, and may not or cannot be created
     */
    int partitions(String topic);
}
