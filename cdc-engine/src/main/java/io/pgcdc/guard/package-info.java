/**
 * Watches the WAL that the slot holds on the primary: how much, how long until the slot is lost, and who holds it. With {@code confirm:
 * auto} it says which policy should apply. It asks the server only through its own connection, and never delays capture or a sink.
 *
 * <p>One thread, except where a method says otherwise.
 */
@NullMarked
package io.pgcdc.guard;

import org.jspecify.annotations.NullMarked;
