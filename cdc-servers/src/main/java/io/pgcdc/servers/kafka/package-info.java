/**
 * Reads what was sent to Kafka. Users of this package need Kafka's clients.
 */
@NullMarked
package io.pgcdc.servers.kafka;

import org.jspecify.annotations.NullMarked;
