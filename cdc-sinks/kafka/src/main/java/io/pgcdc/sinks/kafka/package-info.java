/**
 * The Kafka sink: changes as records of topics, each exactly once for readers of committed records.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.kafka;

import org.jspecify.annotations.NullMarked;
