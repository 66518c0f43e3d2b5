/**
 * Sinks of third parties, from a folder: finds them, gives each plugin a class loader of its own, and calls it under that loader. The
 * thread that starts the command loads them; each sink's own thread calls it. Knows nothing of configurations and pipelines, and never
 * lets a plugin's classes be seen by another plugin or by cdc.
 */
@NullMarked
package io.pgcdc.cli.plugin;

import org.jspecify.annotations.NullMarked;
