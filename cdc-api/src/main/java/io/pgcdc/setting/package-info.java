/**
 * Settings: what can be configured, of which type, within which limits; and all the problems of a configuration at once.
 *
 * <p>Immutable values; any thread. Nothing here reads files or the environment, and no value is ever corrected silently.
 */
@NullMarked
package io.pgcdc.setting;

import org.jspecify.annotations.NullMarked;
