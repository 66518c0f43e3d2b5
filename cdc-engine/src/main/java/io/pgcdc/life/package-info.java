/**
 * Time, and the will to go on: the clock of a run, whether it shall stop and why, pauses between attempts, closing in order.
 *
 * <p>Any thread.
 */
@NullMarked
package io.pgcdc.life;

import org.jspecify.annotations.NullMarked;
