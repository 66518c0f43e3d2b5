/**
 * Whole processes against each other: each drains the same backlog, from copies of one slot, and is watched from outside.
 *
 * <p>The race's own process starts one contestant at a time and samples {@code /proc}; it knows no times that decide anything.
 */
@NullMarked
package io.pgcdc.race;

import org.jspecify.annotations.NullMarked;
