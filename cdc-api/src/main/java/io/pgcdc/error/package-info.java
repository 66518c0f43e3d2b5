/**
 * What can go wrong, in one closed set of kinds: each exception carries a stable code, whether trying again can help, and a
 * message that says what happened, where, and what to do.
 *
 * <p>Immutable; any thread. Messages never hold row values or secrets.
 */
@NullMarked
package io.pgcdc.error;

import org.jspecify.annotations.NullMarked;
