package io.pgcdc.sinks.kafka.format;

/**
 * An existing topic.
 *
 * @param partitionWithoutKey the partition of records without a key of one table, so that their order is kept
 */
public record Topic(String name, int partitionWithoutKey) {}
