/**
 * The ordinary SQL connection beside the stream: facts that only the catalog has (types, keys, membership), checks before the
 * start, and maintenance of slot and publication.
 *
 * <p>Called on the capture thread or before it starts; never once per row.
 */
@NullMarked
package io.pgcdc.catalog;

import org.jspecify.annotations.NullMarked;
