package io.pgcdc.sinks.kafka.format;

/** Finds the cluster's topics. */
public interface Topics {

    /**
     * Returns the number of a topic's partitions. May create the topic.
     *
     * @param topic name of the topic
     * @throws io.pgcdc.error.SinkException if the topic is missing, and the sink may not or cannot create it
     */
    int partitions(String topic);
}
