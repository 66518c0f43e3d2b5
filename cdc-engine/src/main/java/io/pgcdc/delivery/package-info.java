/**
 * Delivers the queue's changes to the sinks: reads whole transactions, decodes them, calls the sink, repeats after failures, writes dead
 * letters and checkpoints.
 *
 * <p>One thread for each sink.
 */
@NullMarked
package io.pgcdc.delivery;

import org.jspecify.annotations.NullMarked;
