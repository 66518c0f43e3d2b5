package io.pgcdc.sinks.kafka.format;

/**
 * A topic that exists in the cluster, for one table or other source of records.
 *
 * @param partitionWithoutKey number of the partition for records without a key. One partition keeps their order
 */
public record Topic(String name, int partitionWithoutKey) {}
