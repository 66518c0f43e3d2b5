/**
 * Changes as Avro: a table's schemas, and the bytes of keys and values, transcoded from the values' text. This package does not
 * know topics or registries. A table's objects belong to one thread.
 */
@NullMarked
package io.pgcdc.sinks.avro;

import org.jspecify.annotations.NullMarked;
