/**
 * The projection sink: keeps rows of target tables equal to rows of source tables, by key. {@link
 * io.pgcdc.sinks.postgres.projection.TablePlan} says what becomes of a source table's columns, {@link
 * io.pgcdc.sinks.postgres.projection.KeyedRows} makes one row of all changes of a key, as {@link
 * io.pgcdc.sinks.postgres.projection.KeyText} says which are one, {@link io.pgcdc.sinks.postgres.projection.FollowedTables} notices what was
 * altered at the source without a row being sent, {@link
 * io.pgcdc.sinks.postgres.projection.TableStatements} writes many rows with one statement.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.postgres.projection;

import org.jspecify.annotations.NullMarked;
