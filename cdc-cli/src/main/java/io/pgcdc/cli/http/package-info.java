/**
 * The HTTP server of a process: metrics, health and status, for machines and people on the network. It only reads. A request has a thread of the
 * server's own, so neither capture nor a sink waits for one.
 */
@org.jspecify.annotations.NullMarked
package io.pgcdc.cli.http;
