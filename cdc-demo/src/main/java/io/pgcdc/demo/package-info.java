/**
 * The command {@code cdc demo}: servers of its own, a shop with a little life in it, and a pipeline that shows its changes.
 *
 * <p>Adds itself to the command {@code cdc}, which does not know it. Talks plain JDBC to the demo's server.
 */
@NullMarked
package io.pgcdc.demo;

import org.jspecify.annotations.NullMarked;
