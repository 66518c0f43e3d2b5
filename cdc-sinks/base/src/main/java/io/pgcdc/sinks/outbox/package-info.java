/**
 * The outbox pattern's sending half: events that an application wrote in its own transactions, as rows of a table or as logical messages,
 * taken out of the stream of changes; for any sink that carries them on.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.outbox;

import org.jspecify.annotations.NullMarked;
