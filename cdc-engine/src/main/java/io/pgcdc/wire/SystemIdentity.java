package io.pgcdc.wire;

/**
 * The server's identity (IDENTIFY_SYSTEM).
 *
 * @param systemIdentifier unsigned, as text; equal for a primary and its standbys
 * @param timeline current timeline
 * @param flushLsn end of the WAL that the server has flushed
 * @param database the connection's database
 */
public record SystemIdentity(String systemIdentifier, int timeline, long flushLsn, String database) {}
