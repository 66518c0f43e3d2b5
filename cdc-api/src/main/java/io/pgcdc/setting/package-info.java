/**
 * Settings: their types and limits, and the check that reports all problems of a configuration at once.
 *
 * <p>Immutable values; any thread. Nothing here reads files or the environment. No value is corrected silently.
 */
@NullMarked
package io.pgcdc.setting;

import org.jspecify.annotations.NullMarked;
