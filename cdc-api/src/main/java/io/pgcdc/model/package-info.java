/**
 * The nouns of change data capture: LSN, position, relation, column, type, and the read-only view of a change.
 *
 * <p>Records are immutable and may cross threads. Views ({@link io.pgcdc.model.Change}, {@link io.pgcdc.model.RowView}) are
 * flyweights: they belong to the thread that was handed them and are valid only until that call returns.
 */
@NullMarked
package io.pgcdc.model;

import org.jspecify.annotations.NullMarked;
