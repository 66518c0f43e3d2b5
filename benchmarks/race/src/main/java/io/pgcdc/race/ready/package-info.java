/** A source connector whose records exist before its task starts: the limit of what a task can reach. It knows nothing else of ours. */
@NullMarked
package io.pgcdc.race.ready;

import org.jspecify.annotations.NullMarked;
