/**
 * The change_logs sink: each change a row of a table that is partitioned by time, sent by COPY; its partitions; and the functions of
 * those who process the rows.
 *
 * <p>Everything here belongs to the thread of one sink.
 */
@NullMarked
package io.pgcdc.sinks.postgres.changelog;

import org.jspecify.annotations.NullMarked;
