/**
 * Servers in containers, for machines that have Docker. Who uses them has Testcontainers.
 */
@NullMarked
package io.pgcdc.servers.container;

import org.jspecify.annotations.NullMarked;
