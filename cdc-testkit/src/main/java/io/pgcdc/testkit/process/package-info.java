/** The packaged command as a process of its own. Needs what {@code package} makes. */
@NullMarked
package io.pgcdc.testkit.process;

import org.jspecify.annotations.NullMarked;
