/**
 * What all sinks that write to a PostgreSQL database share: the connection, the position that is committed with the rows, the
 * order of a write, and what the server's errors mean.
 *
 * <p>Everything here belongs to the thread of one sink. Nothing here knows what is written.
 */
@NullMarked
package io.pgcdc.sinks.postgres.transaction;

import org.jspecify.annotations.NullMarked;
