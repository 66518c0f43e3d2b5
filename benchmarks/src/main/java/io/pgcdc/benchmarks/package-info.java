/**
 * JMH suites for the hot path. Not shipped.
 */
@NullMarked
package io.pgcdc.benchmarks;

import org.jspecify.annotations.NullMarked;
