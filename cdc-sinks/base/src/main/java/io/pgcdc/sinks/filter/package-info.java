/**
 * The setting {@code where} of sinks: a condition in the Common Expression Language (CEL) that says which rows or changes count. A sink
 * without a condition loads none of it.
 */
@NullMarked
package io.pgcdc.sinks.filter;

import org.jspecify.annotations.NullMarked;
