/**
 * The replication connection: frames in, standby status out, on pgjdbc's copy API.
 *
 * <p>One thread owns a connection. This package never looks into the payload of a frame; it hands (buffer, offset, length) to
 * its caller.
 */
@NullMarked
package io.pgcdc.wire;

import org.jspecify.annotations.NullMarked;
