/**
 * Work for a real server, from a seed. One thread per workload.
 */
@NullMarked
package io.pgcdc.servers.workload;

import org.jspecify.annotations.NullMarked;
