/**
 * The native record as Structs with typed columns. Fields, columns and types are those of the Kafka sink's {@code format: avro}, so that a
 * converter for Avro writes the same data. Schemas are made once per layout of a table. Objects belong to one thread.
 */
@NullMarked
package io.pgcdc.connect.record.typed;

import org.jspecify.annotations.NullMarked;
