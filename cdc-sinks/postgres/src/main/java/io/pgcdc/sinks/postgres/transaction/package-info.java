/**
 * The common part of all sinks on a PostgreSQL database: the connection, the position that is committed with the rows, the order of
 * the steps of a write, and the meaning of the server's errors.
 *
 * <p>Everything here belongs to the thread of one sink. This package does not know which rows a sink writes: an {@link
 * io.pgcdc.sinks.postgres.transaction.Applier} does.
 */
@NullMarked
package io.pgcdc.sinks.postgres.transaction;

import org.jspecify.annotations.NullMarked;
