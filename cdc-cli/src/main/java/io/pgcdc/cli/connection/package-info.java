/**
 * The connections of a process's own sockets, for commands and for HTTP. Each has a thread, so that neither capture nor a sink waits for a client.
 * Their number is bounded, and no client can keep others out.
 */
@NullMarked
package io.pgcdc.cli.connection;

import org.jspecify.annotations.NullMarked;
