/**
 * The projection sink: keeps rows of target tables equal to rows of source tables, by key. {@link
 * io.pgcdc.sinks.postgres.projection.TablePlan} maps a source table's columns. {@link io.pgcdc.sinks.postgres.projection.KeyedRows}
 * merges all changes of a key into one row; {@link io.pgcdc.sinks.postgres.projection.KeyText} tells which keys are equal. {@link
 * io.pgcdc.sinks.postgres.projection.FollowedTables} detects alterations at the source that send no row. {@link
 * io.pgcdc.sinks.postgres.projection.TableStatements} writes many rows with one statement.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.postgres.projection;

import org.jspecify.annotations.NullMarked;
