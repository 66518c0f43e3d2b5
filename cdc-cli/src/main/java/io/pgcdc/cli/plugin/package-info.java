/**
 * Sinks of third parties, from a folder. Finds them, gives each plugin its own class loader, and calls it under that loader. The
 * thread that starts the command loads them; each sink's own thread calls it. Does not know configurations and pipelines. Never
 * shows a plugin's classes to another plugin or to cdc.
 */
@NullMarked
package io.pgcdc.cli.plugin;

import org.jspecify.annotations.NullMarked;
