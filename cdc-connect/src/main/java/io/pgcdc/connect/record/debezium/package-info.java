/**
 * Debezium's records as Structs. Schemas, columns and forms of values are those of {@code io.pgcdc.sinks.debezium}; here they become objects of
 * Kafka Connect. Schemas are made once per layout of a table. Objects belong to one thread.
 */
@NullMarked
package io.pgcdc.connect.record.debezium;

import org.jspecify.annotations.NullMarked;
