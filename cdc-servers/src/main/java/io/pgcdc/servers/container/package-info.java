/**
 * Servers in containers, for machines that have Docker. Users of this package need Testcontainers.
 */
@NullMarked
package io.pgcdc.servers.container;

import org.jspecify.annotations.NullMarked;
