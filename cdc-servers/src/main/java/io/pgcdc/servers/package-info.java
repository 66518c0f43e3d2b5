/**
 * Real servers started beside the JVM, for {@code cdc demo} and for the tests. Nothing here imitates a server, or knows the engine.
 *
 * <p>A started server may be used from any thread; start and stop belong to one.
 */
@NullMarked
package io.pgcdc.servers;

import org.jspecify.annotations.NullMarked;
