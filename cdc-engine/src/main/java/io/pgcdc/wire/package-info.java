/**
 * The replication connection: frames in, standby status out, on pgjdbc's copy API.
 *
 * <p>One thread owns a connection. This package never reads the payload of a frame. It passes (buffer, offset, length) to its
 * caller.
 */
@NullMarked
package io.pgcdc.wire;

import org.jspecify.annotations.NullMarked;
