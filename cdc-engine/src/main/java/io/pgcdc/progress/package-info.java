/**
 * The progress of each part: the queue on disk, the sinks, and from both the LSN that the server may be told.
 *
 * <p>Read by capture, sinks and the thread that forces the queue's files.
 */
@NullMarked
package io.pgcdc.progress;

import org.jspecify.annotations.NullMarked;
