/**
 * What becomes of a change: topic, key, value and headers of its records.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.kafka.format;

import org.jspecify.annotations.NullMarked;
