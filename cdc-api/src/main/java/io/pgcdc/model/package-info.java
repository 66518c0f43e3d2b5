/**
 * The nouns of change data capture: LSN, position, relation, column, type, and the read-only view of a change.
 *
 * <p>Records are immutable and safe for all threads. Views ({@link io.pgcdc.model.Change}, {@link io.pgcdc.model.RowView}) are
 * flyweights: valid only on the thread that received them, until that call returns.
 */
@NullMarked
package io.pgcdc.model;

import org.jspecify.annotations.NullMarked;
