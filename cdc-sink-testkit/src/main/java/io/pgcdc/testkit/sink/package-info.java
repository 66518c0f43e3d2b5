/**
 * The conformance kit for sinks: a sink's test extends {@link io.pgcdc.testkit.sink.SinkContract} with a {@link
 * io.pgcdc.testkit.sink.FaultyTarget}.
 */
@NullMarked
package io.pgcdc.testkit.sink;

import org.jspecify.annotations.NullMarked;
