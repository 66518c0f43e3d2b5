package io.pgcdc.sinks.kafka.format;

/**
 * A topic that is there.
 *
 * @param partitionWithoutKey where the records without a key go that are of one table: their order stays
 */
public record Topic(String name, int partitionWithoutKey) {}
