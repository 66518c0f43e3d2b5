/**
 * Servers that a test may kill, copy, restore and promote; {@link io.pgcdc.servers.PgServer} is for all others.
 */
@NullMarked
package io.pgcdc.servers.process;

import org.jspecify.annotations.NullMarked;
