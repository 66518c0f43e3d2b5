/**
 * Converts the text of one value to JSON bytes, without objects in between. The JSON equals, as jsonb, what PostgreSQL's {@code
 * to_jsonb} returns. Also compares two texts by value.
 *
 * <p>Encoders belong to one thread.
 */
@NullMarked
package io.pgcdc.json.value;

import org.jspecify.annotations.NullMarked;
