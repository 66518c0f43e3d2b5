/**
 * One server to capture from: which host of the URL, a session that has passed the checks, the wait for a slot, the comparison of
 * histories, and what the catalog knows of a table that the stream names.
 *
 * <p>Capture thread.
 */
@NullMarked
package io.pgcdc.source;

import org.jspecify.annotations.NullMarked;
