/**
 * Delivers records to a Kafka cluster. With exactly_once, one Kafka transaction has whole transactions of the source and the
 * position. With at_least_once, there are no Kafka transactions.
 *
 * <p>Everything here belongs to the thread of one sink. The producer's callbacks run on the producer's thread. They record
 * failures; without transactions, the first failure closes the producer.
 */
@NullMarked
package io.pgcdc.sinks.kafka.delivery;

import org.jspecify.annotations.NullMarked;
