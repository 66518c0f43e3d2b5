package io.pgcdc.wire;

/**
 * Who the server is (IDENTIFY_SYSTEM).
 *
 * @param systemIdentifier unsigned, as text; equal for a primary and its standbys
 * @param timeline current timeline
 * @param flushLsn end of what the server has flushed
 * @param database the connection's database
 */
public record SystemIdentity(String systemIdentifier, int timeline, long flushLsn, String database) {}
