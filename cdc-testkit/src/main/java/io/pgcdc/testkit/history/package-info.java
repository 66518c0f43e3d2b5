/** Compares histories of changes with a database. */
@NullMarked
package io.pgcdc.testkit.history;

import org.jspecify.annotations.NullMarked;
