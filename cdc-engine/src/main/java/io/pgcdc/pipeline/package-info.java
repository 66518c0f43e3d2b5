/**
 * Joins the rooms: the capture loop, the delivery loops, the acknowledged LSN, start and stop.
 *
 * <p>Two fixed kinds of thread: one capture thread, and one a sink; plus one that forces the queue's files.
 */
@NullMarked
package io.pgcdc.pipeline;

import org.jspecify.annotations.NullMarked;
