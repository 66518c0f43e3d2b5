/**
 * Judges what came out of a capture: its order, its repeats, and the tables that it adds up to. Knows no tool: a {@link
 * io.pgcdc.history.Mapping} says where a record has what. One thread.
 */
@NullMarked
package io.pgcdc.history;

import org.jspecify.annotations.NullMarked;
