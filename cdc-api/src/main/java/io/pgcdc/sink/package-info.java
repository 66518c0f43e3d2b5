/**
 * The contract with sinks, ours and others': {@link io.pgcdc.sink.Sink}, {@link io.pgcdc.sink.SinkProvider},
 * {@link io.pgcdc.sink.Batch}, {@link io.pgcdc.sink.Durability}.
 *
 * <p>A sink is driven by one thread, its own.
 */
@NullMarked
package io.pgcdc.sink;

import org.jspecify.annotations.NullMarked;
