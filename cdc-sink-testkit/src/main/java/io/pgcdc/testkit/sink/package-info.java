/**
 * The conformance kit for sinks: {@link io.pgcdc.testkit.sink.SinkContract}, which a sink's test extends over a
 * {@link io.pgcdc.testkit.sink.FaultyTarget}.
 */
@NullMarked
package io.pgcdc.testkit.sink;

import org.jspecify.annotations.NullMarked;
