/**
 * Changes as Avro: a table's schemas, and the bytes of keys and values under them, transcoded from the values' text. Knows nothing of topics
 * and of registries. What is made for a table belongs to one thread.
 */
@NullMarked
package io.pgcdc.sinks.avro;

import org.jspecify.annotations.NullMarked;
