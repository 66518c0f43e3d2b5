/** A schema registry with Confluent's REST interface, as far as a writer needs it. Used by one thread. */
@NullMarked
package io.pgcdc.sinks.registry;

import org.jspecify.annotations.NullMarked;
