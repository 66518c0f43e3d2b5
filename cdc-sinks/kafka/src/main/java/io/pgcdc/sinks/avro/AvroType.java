package io.pgcdc.sinks.avro;

import org.apache.avro.Schema;

/** A column's schema for non-null values, and the writer of their bytes. */
record AvroType(Schema schema, AvroValue values) {}
