/** Servers in containers, for machines that have Docker. */
@org.jspecify.annotations.NullMarked
package io.pgcdc.testkit.container;
