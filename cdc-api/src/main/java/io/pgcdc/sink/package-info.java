/**
 * The contract with sinks, ours and others'.
 *
 * <pre>
 *   SinkProvider   found by ServiceLoader; lists the settings and creates a Sink
 *     SinkContext  what a Sink gets: name, clock, directory, SinkMetrics
 *   Sink           open, write, flush, close
 *     Batch        the changes of one write; tells if a transaction ends there
 *     Durability   the sink's answer
 *     RefusedChangeException   one change that the target never takes
 * </pre>
 *
 * <p>To write a sink: implement {@link io.pgcdc.sink.SinkProvider} and {@link io.pgcdc.sink.Sink}, and name the provider in {@code
 * META-INF/services/io.pgcdc.sink.SinkProvider}. Put the jar on the class path. For a test, extend {@code SinkContract} or {@code
 * HistoryContract} of cdc-sink-testkit. Compile against cdc-api alone.
 *
 * <p>One thread calls a sink. A {@link io.pgcdc.sink.Batch} and the changes in it are flyweights: copy what must live longer than
 * the call. This package does not depend on queue, server or files.
 */
@NullMarked
package io.pgcdc.sink;

import org.jspecify.annotations.NullMarked;
