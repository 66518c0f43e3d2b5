/**
 * Writes changes as Avro: makes the schemas of tables, and converts the text of values to the bytes of keys and values. This
 * package does not know topics or registries. Its objects belong to one thread.
 */
@NullMarked
package io.pgcdc.sinks.avro;

import org.jspecify.annotations.NullMarked;
