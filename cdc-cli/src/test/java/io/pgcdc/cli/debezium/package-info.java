/** Conversions of published configurations. */
@NullMarked
package io.pgcdc.cli.debezium;

import org.jspecify.annotations.NullMarked;
