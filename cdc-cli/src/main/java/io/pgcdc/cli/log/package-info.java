/**
 * The log on standard error: an SLF4J provider with one line for each event, as text or JSON. Everything that a run says there passes {@link
 * io.pgcdc.cli.log.LogOutput}. Any thread. Never opens a file or a connection.
 */
@NullMarked
package io.pgcdc.cli.log;

import org.jspecify.annotations.NullMarked;
