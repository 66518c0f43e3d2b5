/** Databases to write into, and what to write. */
@NullMarked
package io.pgcdc.testkit.sinks;

import org.jspecify.annotations.NullMarked;
