/**
 * The change feed: a sink whose clients fetch its changes over HTTP, as server-sent events or as lines of JSON. A client has a thread of the HTTP
 * server. It reads the queue for itself, so neither capture, nor a sink, nor another client waits for it.
 */
@org.jspecify.annotations.NullMarked
package io.pgcdc.cli.feed;
