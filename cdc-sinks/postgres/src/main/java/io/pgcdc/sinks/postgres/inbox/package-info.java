/**
 * The inbox sink. Writes events of another service's outbox as rows of this service's inbox, each once.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.postgres.inbox;

import org.jspecify.annotations.NullMarked;
