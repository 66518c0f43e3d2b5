/**
 * Rows, keys and whole changes as JSON: the native format.
 *
 * <p>Encoders and buffers belong to one thread.
 */
@NullMarked
package io.pgcdc.json.record;

import org.jspecify.annotations.NullMarked;
