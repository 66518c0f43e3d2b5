/**
 * pgoutput messages as flyweights over the received bytes; one handler method a message.
 *
 * <p>A decoder belongs to one thread. Every length is checked before it is used: malformed input ends in
 * {@link io.pgcdc.error.DecodeException}. This package knows no connection, so that a stored capture can be decoded with no
 * server.
 */
@NullMarked
package io.pgcdc.decode;

import org.jspecify.annotations.NullMarked;
