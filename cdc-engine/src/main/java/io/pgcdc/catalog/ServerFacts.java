package io.pgcdc.catalog;

/**
 * The facts of the server that the checks need.
 *
 * @param versionNumber server_version_num
 * @param inRecovery true for a standby
 * @param databaseOid oid of the connection's database, unsigned
 */
public record ServerFacts(
        int versionNumber, String version, String walLevel, boolean inRecovery, String database, long databaseOid) {

    public int majorVersion() {
        return versionNumber / 10_000;
    }
}
