/**
 * The contracts of the durable queue between capture and sinks: segments and their readers, scans of transactions, layouts of tables,
 * checkpoints.
 *
 * <p>One thread appends; each reader belongs to its own thread.
 */
@NullMarked
package io.pgcdc.queue;

import org.jspecify.annotations.NullMarked;
