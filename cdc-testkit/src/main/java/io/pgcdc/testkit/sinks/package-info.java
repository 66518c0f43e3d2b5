/** Databases to write into, and runs that write into them. */
@NullMarked
package io.pgcdc.testkit.sinks;

import org.jspecify.annotations.NullMarked;
