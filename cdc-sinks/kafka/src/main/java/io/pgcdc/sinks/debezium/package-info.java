/**
 * The change record of Debezium's PostgreSQL connector, in the JSON of Kafka Connect's JsonConverter. It is made from a {@link
 * io.pgcdc.model.Change} without Debezium or Kafka Connect: text of values in, JSON bytes out. docs/debezium-format.md lists what
 * is equal and what differs.
 *
 * <p>This package does not know where records go. Everything here belongs to the thread of one sink. Data of a table is kept.
 */
@NullMarked
package io.pgcdc.sinks.debezium;

import org.jspecify.annotations.NullMarked;
