package io.pgcdc.sinks.kafka.readers;

import org.apache.flink.table.types.DataType;

/**
 * A column here and there.
 *
 * @param flink what a user's CREATE TABLE in Flink says
 * @param asked SQL of PostgreSQL that gives what Flink holds
 */
record FlinkColumn(Column column, DataType flink, String asked) {}
