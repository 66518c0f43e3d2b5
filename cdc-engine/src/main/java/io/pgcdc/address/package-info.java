/**
 * Connection strings: libpq's URIs and keywords, JDBC URLs, the PG* variables, the password file; and the address that they
 * come to.
 *
 * <p>Immutable values; any thread. No address prints a secret.
 */
@NullMarked
package io.pgcdc.address;

import org.jspecify.annotations.NullMarked;
