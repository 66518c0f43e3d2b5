/**
 * The life of a run: its clock, when to stop and why, pauses between attempts, closing in order.
 *
 * <p>Any thread.
 */
@NullMarked
package io.pgcdc.life;

import org.jspecify.annotations.NullMarked;
