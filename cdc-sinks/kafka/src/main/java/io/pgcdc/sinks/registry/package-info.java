/** The part of Confluent's REST interface of schema registries that a writer needs. For one thread. */
@NullMarked
package io.pgcdc.sinks.registry;

import org.jspecify.annotations.NullMarked;
