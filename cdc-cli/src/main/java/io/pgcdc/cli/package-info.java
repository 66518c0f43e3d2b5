/**
 * The command {@code cdc}: the only place that prints or exits.
 */
@NullMarked
package io.pgcdc.cli;

import org.jspecify.annotations.NullMarked;
