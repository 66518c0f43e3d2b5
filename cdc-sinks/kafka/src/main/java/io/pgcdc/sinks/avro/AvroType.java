package io.pgcdc.sinks.avro;

import io.pgcdc.sinks.object.ValueReader;
import org.apache.avro.Schema;

/**
 * A column's schema for non-null values.
 *
 * @param values writes their bytes
 * @param objects reads them as objects: Boolean, Integer, Long, Float, Double, String, byte[], BigDecimal for a decimal, List for an array
 */
record AvroType(Schema schema, AvroValue values, ValueReader objects) {}
