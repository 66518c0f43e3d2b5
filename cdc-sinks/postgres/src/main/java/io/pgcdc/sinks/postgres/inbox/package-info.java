/**
 * The inbox sink. Writes each event of another service's outbox once, as a row of this service's inbox.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.postgres.inbox;

import org.jspecify.annotations.NullMarked;
