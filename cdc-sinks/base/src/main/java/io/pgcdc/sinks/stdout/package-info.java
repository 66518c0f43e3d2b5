/**
 * Changes as lines on a stream: JSON for programs, a compact view for people.
 *
 * <p>Driven by the sink's own thread.
 */
@NullMarked
package io.pgcdc.sinks.stdout;

import org.jspecify.annotations.NullMarked;
