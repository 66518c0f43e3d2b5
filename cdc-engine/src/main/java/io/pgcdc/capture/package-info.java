/**
 * Moves the stream into the queue: packs frames into segments, finds the boundaries of transactions, pauses when space is short, and
 * connects again when a connection is lost.
 *
 * <p>Capture thread. It never waits for a sink.
 */
@NullMarked
package io.pgcdc.capture;

import org.jspecify.annotations.NullMarked;
