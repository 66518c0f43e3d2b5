/**
 * The queue's files: Chronicle's for the segments, and small ones beside them (identity, layouts, checkpoints, gaps, dead letters);
 * and the directory's lock.
 *
 * <p>One thread appends. Each reader belongs to its own thread. Nothing is called durable before its file was forced.
 */
@NullMarked
package io.pgcdc.queue.disk;

import org.jspecify.annotations.NullMarked;
