/**
 * Reads what was sent to Kafka. Who uses it has Kafka's clients.
 */
@NullMarked
package io.pgcdc.servers.kafka;

import org.jspecify.annotations.NullMarked;
