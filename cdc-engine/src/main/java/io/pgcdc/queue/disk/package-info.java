/**
 * The queue's files: Chronicle's for the segments, and the small ones beside them (identity, layouts, checkpoints, gaps, dead
 * letters); the directory's lock.
 *
 * <p>One thread appends; each reader belongs to its own thread. Nothing is called durable before its file was forced.
 */
@NullMarked
package io.pgcdc.queue.disk;

import org.jspecify.annotations.NullMarked;
