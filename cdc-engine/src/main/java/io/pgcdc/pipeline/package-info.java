/**
 * Joins the rooms: start, checks against the server, threads, stop.
 *
 * <p>The caller of {@link io.pgcdc.pipeline.Pipeline#run} becomes the capture thread. Each sink has one more thread, and one thread forces
 * the queue's files.
 */
@NullMarked
package io.pgcdc.pipeline;

import org.jspecify.annotations.NullMarked;
