/** Databases to write into. */
@NullMarked
package io.pgcdc.testkit.sinks;

import org.jspecify.annotations.NullMarked;
