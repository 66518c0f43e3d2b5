/**
 * The change record of Debezium's PostgreSQL connector, in the JSON of Kafka Connect's JsonConverter. This package makes it from a
 * {@link io.pgcdc.model.Change}, without the libraries of Debezium or Kafka Connect. It converts the text of values to JSON bytes.
 * docs/reference/debezium-format.md lists what is equal and what differs.
 *
 * <p>This package does not know where records go. Everything here belongs to the thread of one sink. The data of each table is kept
 * in memory.
 */
@NullMarked
package io.pgcdc.sinks.debezium;

import org.jspecify.annotations.NullMarked;
