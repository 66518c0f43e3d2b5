/**
 * The projection sink: keeps rows of target tables equal to rows of source tables, by key. A {@link
 * io.pgcdc.sinks.postgres.projection.TableMapping} has the settings of one mapping, and a {@link
 * io.pgcdc.sinks.postgres.projection.TablePlan} maps the columns of one layout. {@link io.pgcdc.sinks.postgres.projection.RowEffect} says what a
 * change does by it. {@link io.pgcdc.sinks.postgres.projection.WaitingRows} gathers the effects of all tables, and {@link
 * io.pgcdc.sinks.postgres.projection.KeyedRows} merges the changes of a key into one row; {@link io.pgcdc.sinks.postgres.projection.KeyText} tells which keys are equal. {@link
 * io.pgcdc.sinks.postgres.projection.FollowedTables} detects alterations at the source that send no row. {@link
 * io.pgcdc.sinks.postgres.projection.TableStatements} writes many rows with one statement.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.postgres.projection;

import org.jspecify.annotations.NullMarked;
