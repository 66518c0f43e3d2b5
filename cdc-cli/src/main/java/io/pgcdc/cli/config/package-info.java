/**
 * Reads {@code cdc.yaml}, flags and environment into a checked {@link io.pgcdc.pipeline.PipelineConfig}. Also prints the effective
 * configuration, and the reference documentation.
 *
 * <p>Reads files, prints nothing. One thread, at the start. The entry point is {@link ConfigLoader}.
 */
@NullMarked
package io.pgcdc.cli.config;

import org.jspecify.annotations.NullMarked;
