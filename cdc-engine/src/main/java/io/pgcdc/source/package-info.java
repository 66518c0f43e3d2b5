/**
 * The server to capture from: the choice of the URL's host, a session that has passed the checks, the wait for a slot, the
 * comparison of histories, and the catalog's facts of a table in the stream.
 *
 * <p>Capture thread.
 */
@NullMarked
package io.pgcdc.source;

import org.jspecify.annotations.NullMarked;
