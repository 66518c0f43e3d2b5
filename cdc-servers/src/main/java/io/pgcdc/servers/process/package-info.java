/**
 * Servers that a test may kill, copy, restore and promote. For all other tests there is {@link io.pgcdc.servers.PgServer}.
 */
@NullMarked
package io.pgcdc.servers.process;

import org.jspecify.annotations.NullMarked;
