/**
 * The text of one value turned into JSON bytes, with no objects between, equal as jsonb to what PostgreSQL's own
 * {@code to_jsonb} gives; and whether two texts are one value.
 *
 * <p>Encoders belong to one thread.
 */
@NullMarked
package io.pgcdc.json.value;

import org.jspecify.annotations.NullMarked;
