/** Servers in containers, for machines that have Docker. */
@NullMarked
package io.pgcdc.testkit.container;

import org.jspecify.annotations.NullMarked;
