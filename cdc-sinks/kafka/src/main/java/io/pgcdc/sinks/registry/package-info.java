/** A client for schema registries with Confluent's REST interface. It has only the calls that a writer needs. For one thread. */
@NullMarked
package io.pgcdc.sinks.registry;

import org.jspecify.annotations.NullMarked;
