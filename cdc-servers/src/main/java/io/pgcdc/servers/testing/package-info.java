/**
 * How tests get servers, and how they wait. Users of this package need JUnit.
 */
@NullMarked
package io.pgcdc.servers.testing;

import org.jspecify.annotations.NullMarked;
