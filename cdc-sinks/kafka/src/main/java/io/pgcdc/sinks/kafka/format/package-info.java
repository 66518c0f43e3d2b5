/**
 * Makes the records of changes: topic, key, value and headers.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.kafka.format;

import org.jspecify.annotations.NullMarked;
