/**
 * The contract with sinks, ours and others'.
 *
 * <pre>
 *   SinkProvider   found by ServiceLoader; says which settings there are, and makes a Sink
 *     SinkContext  what the sink is given: name, clock, directory, SinkMetrics
 *   Sink           open, write, flush, close
 *     Batch        the changes of one write, and whether a transaction ends there
 *     Durability   what the sink answers
 *     RefusedChangeException   one change that the target never takes
 * </pre>
 *
 * <p>To write a sink: implement {@link io.pgcdc.sink.SinkProvider} and {@link io.pgcdc.sink.Sink}, name the provider in {@code
 * META-INF/services/io.pgcdc.sink.SinkProvider}, put the jar on the class path, and extend {@code SinkContract} or {@code
 * HistoryContract} of cdc-sink-testkit for a test. Compile against cdc-api alone.
 *
 * <p>A sink is driven by one thread. A {@link io.pgcdc.sink.Batch} and the changes in it are flyweights: copy what must live longer than
 * the call. This package knows nothing of queue, server or files.
 */
@NullMarked
package io.pgcdc.sink;

import org.jspecify.annotations.NullMarked;
