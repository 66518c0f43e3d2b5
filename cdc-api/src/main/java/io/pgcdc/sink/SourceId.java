package io.pgcdc.sink;

/**
 * The source of changes. System identifier and slot together identify it permanently. After a failover, the new server has the
 * identifier of the old one, and its positions continue.
 *
 * @param systemIdentifier of the server's cluster, an unsigned number as IDENTIFY_SYSTEM prints it
 */
public record SourceId(String systemIdentifier, String database, String slot) {}
