/**
 * Writes changes as lines: JSON for programs, a compact view for people.
 *
 * <p>Called on the sink's own thread.
 */
@NullMarked
package io.pgcdc.sinks.stdout;

import org.jspecify.annotations.NullMarked;
