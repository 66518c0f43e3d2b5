/**
 * How tests ask for servers, and how they wait. Who uses it has JUnit.
 */
@NullMarked
package io.pgcdc.servers.testing;

import org.jspecify.annotations.NullMarked;
