/** A queue in memory, for programs that keep positions and ledgers elsewhere ({@link io.pgcdc.queue.Custody}). */
@NullMarked
package io.pgcdc.queue.memory;

import org.jspecify.annotations.NullMarked;
