/**
 * Golden captures: what real servers sent for small SQL scripts, kept as text, and what the engine makes of it. Recording needs a
 * server; reading and decoding need none.
 *
 * <p>Everything here belongs to the thread that uses it.
 */
@NullMarked
package io.pgcdc.golden;

import org.jspecify.annotations.NullMarked;
