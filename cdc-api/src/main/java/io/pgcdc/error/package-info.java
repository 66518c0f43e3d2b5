/**
 * Errors, as a closed set of kinds. Each exception carries a stable code and tells whether trying again can help. Its message says
 * what happened, where, and what to do.
 *
 * <p>Immutable; any thread. Messages never hold row values or secrets.
 */
@NullMarked
package io.pgcdc.error;

import org.jspecify.annotations.NullMarked;
