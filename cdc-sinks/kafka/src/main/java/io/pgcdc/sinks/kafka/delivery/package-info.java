/**
 * How records reach a cluster: whole transactions of the source and the position in one Kafka transaction, or at least once.
 *
 * <p>Everything here belongs to the thread of one sink; the producer's callbacks come on its own thread and leave a note only.
 */
@NullMarked
package io.pgcdc.sinks.kafka.delivery;

import org.jspecify.annotations.NullMarked;
