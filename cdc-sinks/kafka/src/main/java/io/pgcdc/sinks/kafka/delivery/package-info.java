/**
 * Delivery of records to a cluster: whole transactions of the source and the position in one Kafka transaction, or at least once.
 *
 * <p>Everything here belongs to the thread of one sink. The producer's callbacks run on its own thread and only record results.
 */
@NullMarked
package io.pgcdc.sinks.kafka.delivery;

import org.jspecify.annotations.NullMarked;
