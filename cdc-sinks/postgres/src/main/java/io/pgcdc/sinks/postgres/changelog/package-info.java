/**
 * The change_logs sink. Writes each change by COPY as a row of a table that is partitioned by time. Also creates and drops the
 * partitions, and creates the functions for consumers of the rows.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.postgres.changelog;

import org.jspecify.annotations.NullMarked;
