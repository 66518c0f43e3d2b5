/**
 * The command {@code cdc demo}: its own servers, a small shop, and a pipeline that shows its changes.
 *
 * <p>Adds itself to the command {@code cdc}, which does not know it. Uses plain JDBC with the demo's server.
 */
@NullMarked
package io.pgcdc.demo;

import org.jspecify.annotations.NullMarked;
