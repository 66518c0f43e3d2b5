/** Reads what was sent to Kafka. */
@NullMarked
package io.pgcdc.testkit.kafka;

import org.jspecify.annotations.NullMarked;
