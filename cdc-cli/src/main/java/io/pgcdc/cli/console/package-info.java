/**
 * The console: one page that shows a process's pipelines in a browser. It only reads. Its files are in the jar; it asks no other server for
 * anything.
 */
@org.jspecify.annotations.NullMarked
package io.pgcdc.cli.console;
