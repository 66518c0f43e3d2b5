/**
 * From the queue to one sink: whole transactions, decoded while they are walked, tried again, put aside, checkpointed.
 *
 * <p>One thread a sink.
 */
@NullMarked
package io.pgcdc.delivery;

import org.jspecify.annotations.NullMarked;
