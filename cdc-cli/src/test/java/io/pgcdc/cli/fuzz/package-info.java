/** Damaged input at the edges that people touch: files, flags, connection strings, requests. */
@NullMarked
package io.pgcdc.cli.fuzz;

import org.jspecify.annotations.NullMarked;
