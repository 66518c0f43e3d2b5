/**
 * The sender's half of the outbox pattern. Takes events out of the stream of changes, for any sink. An application writes them in
 * its own transactions, as rows of a table or as logical messages.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.outbox;

import org.jspecify.annotations.NullMarked;
