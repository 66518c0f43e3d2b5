/**
 * The ordinary SQL connection beside the stream: facts that only the catalog has (types, keys, membership), checks before the
 * start, upkeep of slot and publication.
 *
 * <p>Called from the capture thread or before it starts; never once a row.
 */
@NullMarked
package io.pgcdc.catalog;

import org.jspecify.annotations.NullMarked;
