/**
 * Faults of a network, between a real client and a real server.
 */
@NullMarked
package io.pgcdc.servers.net;

import org.jspecify.annotations.NullMarked;
