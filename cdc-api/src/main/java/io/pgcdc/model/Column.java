package io.pgcdc.model;

/**
 * A column as the stream's Relation message described it.
 *
 * @param typmod pg_attribute.atttypmod, -1 for none
 * @param identity true if part of the replica identity; under REPLICA IDENTITY FULL the server flags every column
 */
public record Column(String name, PgType type, int typmod, boolean identity) {}
