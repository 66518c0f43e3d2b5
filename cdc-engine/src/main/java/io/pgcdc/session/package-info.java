/**
 * What all connections to a PostgreSQL server share: the login with its limits, the settings that the text of values depends on,
 * quoting, and the mapping of server errors to our codes.
 *
 * <p>Any thread.
 */
@NullMarked
package io.pgcdc.session;

import org.jspecify.annotations.NullMarked;
