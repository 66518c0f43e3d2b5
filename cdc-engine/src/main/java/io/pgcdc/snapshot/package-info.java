/**
 * Reads the rows that exist before the slot's first change. Plans the tables, reads them in chunks, and keeps a ledger of the chunks that
 * are finished. Knows nothing of the stream; capture appends the chunks.
 */
@NullMarked
package io.pgcdc.snapshot;

import org.jspecify.annotations.NullMarked;
