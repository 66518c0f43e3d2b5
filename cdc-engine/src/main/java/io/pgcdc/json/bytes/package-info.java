/**
 * UTF-8 and JSON as bytes: buffers, strings, numbers.
 *
 * <p>Buffers belong to one thread.
 */
@NullMarked
package io.pgcdc.json.bytes;

import org.jspecify.annotations.NullMarked;
