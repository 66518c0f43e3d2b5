/**
 * Servers that a test may kill, copy, restore and promote; {@link io.pgcdc.embedded.PgServer} is for all others.
 */
@NullMarked
package io.pgcdc.testkit.server;

import org.jspecify.annotations.NullMarked;
