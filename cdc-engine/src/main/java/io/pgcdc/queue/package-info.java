/**
 * The durable queue between capture and sinks: segments, readers, retention, and the small files beside them (identity,
 * relations, checkpoints).
 *
 * <p>One thread appends; each reader belongs to its own thread. Nothing is called durable before its file was forced.
 */
@NullMarked
package io.pgcdc.queue;

import org.jspecify.annotations.NullMarked;
