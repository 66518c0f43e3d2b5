/**
 * The durable queue between capture and sinks, as contracts: segments and their readers, the look ahead over transactions, layouts
 * of tables, checkpoints.
 *
 * <p>One thread appends; each reader belongs to its own thread.
 */
@NullMarked
package io.pgcdc.queue;

import org.jspecify.annotations.NullMarked;
