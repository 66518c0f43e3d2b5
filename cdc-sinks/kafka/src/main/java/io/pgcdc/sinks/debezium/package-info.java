/**
 * The change record of Debezium's PostgreSQL connector, as Kafka Connect's JsonConverter writes it, made from a {@link io.pgcdc.model.Change}
 * without either: text of values in, JSON bytes out. docs/debezium-format.md says what is equal and what is not.
 *
 * <p>Knows nothing of where records go. Everything here belongs to the thread of one sink; what is worked out once a table is kept.
 */
@NullMarked
package io.pgcdc.sinks.debezium;

import org.jspecify.annotations.NullMarked;
