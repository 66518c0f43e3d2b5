package io.pgcdc.sinks.avro;

import org.apache.avro.Schema;

/** How the values of a column are written: the schema of one that is not null, and its bytes. */
record AvroType(Schema schema, AvroValue values) {}
