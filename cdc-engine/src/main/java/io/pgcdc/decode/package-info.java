/**
 * pgoutput messages as flyweights over the received bytes. The handler has one method per message type.
 *
 * <p>A decoder belongs to one thread. Every length is checked before it is used: malformed input throws {@link
 * io.pgcdc.error.DecodeException}. This package knows no connection, so tests decode a stored capture without a server.
 */
@NullMarked
package io.pgcdc.decode;

import org.jspecify.annotations.NullMarked;
