/**
 * From {@code cdc.yaml}, flags and environment to a checked {@link io.pgcdc.pipeline.PipelineConfig}; the effective configuration as
 * text; the reference documentation.
 *
 * <p>Reads files, prints nothing. One thread, at the start. {@link ConfigLoader} is the way in.
 */
@NullMarked
package io.pgcdc.cli.config;

import org.jspecify.annotations.NullMarked;
