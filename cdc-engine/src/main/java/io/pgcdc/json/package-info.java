/**
 * The text of a tuple's values turned into JSON bytes, with no objects between, equal as jsonb to what PostgreSQL's own
 * {@code to_jsonb} gives.
 *
 * <p>Encoders and buffers belong to one thread.
 */
@NullMarked
package io.pgcdc.json;

import org.jspecify.annotations.NullMarked;
