/**
 * Connection strings: libpq's URIs and keywords, JDBC URLs, the PG* variables and the password file, and the address that they
 * give.
 *
 * <p>Immutable values; any thread. No address prints a secret.
 */
@NullMarked
package io.pgcdc.address;

import org.jspecify.annotations.NullMarked;
