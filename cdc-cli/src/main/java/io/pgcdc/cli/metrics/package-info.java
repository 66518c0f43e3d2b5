/** The metrics of a process, in a registry of Micrometer's. docs/reference/metrics.md lists them; their names stay. */
@org.jspecify.annotations.NullMarked
package io.pgcdc.cli.metrics;
