/**
 * What all connections to a PostgreSQL server share: the login with its limits, the settings that values' text depends on,
 * quoting, and the server's errors as our codes.
 *
 * <p>Any thread.
 */
@NullMarked
package io.pgcdc.session;

import org.jspecify.annotations.NullMarked;
