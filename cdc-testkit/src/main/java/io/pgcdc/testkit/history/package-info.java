/**
 * What came out of a capture, checked: its order, its repeats, and the tables that it adds up to.
 */
@NullMarked
package io.pgcdc.testkit.history;

import org.jspecify.annotations.NullMarked;
