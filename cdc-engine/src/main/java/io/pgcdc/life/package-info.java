/**
 * The life of a run: its clock, its stop and the reason for it, pauses between attempts, closing in order.
 *
 * <p>Any thread.
 */
@NullMarked
package io.pgcdc.life;

import org.jspecify.annotations.NullMarked;
