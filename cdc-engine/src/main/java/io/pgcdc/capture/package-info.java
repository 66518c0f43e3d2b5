/**
 * From the stream into the queue: frames packed into segments, boundaries of transactions, pauses when room is short, and a new
 * connection when one is lost.
 *
 * <p>Capture thread. It never waits for a sink.
 */
@NullMarked
package io.pgcdc.capture;

import org.jspecify.annotations.NullMarked;
