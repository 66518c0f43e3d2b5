/**
 * The Kafka sink. It sends changes as records to topics. With exactly_once, readers of committed records see each change once.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.kafka;

import org.jspecify.annotations.NullMarked;
