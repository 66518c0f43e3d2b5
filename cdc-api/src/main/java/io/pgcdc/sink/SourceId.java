package io.pgcdc.sink;

/**
 * Where changes come from. System identifier and slot together tell two sources apart for good: a server that takes over in a failover has the
 * identifier of the one it replaces, and positions of it go on.
 *
 * @param systemIdentifier of the server's cluster, an unsigned number as IDENTIFY_SYSTEM prints it
 */
public record SourceId(String systemIdentifier, String database, String slot) {}
