/**
 * What all sinks on a PostgreSQL database share: the connection, the position that is committed with the rows, the order of a
 * write, and the meaning of the server's errors.
 *
 * <p>Everything here belongs to the thread of one sink. This package does not know what is written.
 */
@NullMarked
package io.pgcdc.sinks.postgres.transaction;

import org.jspecify.annotations.NullMarked;
