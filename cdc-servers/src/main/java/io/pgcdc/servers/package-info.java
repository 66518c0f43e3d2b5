/**
 * Real servers beside the JVM, for {@code cdc demo} and for the tests. This package imitates no server, and does not know the
 * engine.
 *
 * <p>A started server may be used from any thread. One thread starts and stops it.
 */
@NullMarked
package io.pgcdc.servers;

import org.jspecify.annotations.NullMarked;
