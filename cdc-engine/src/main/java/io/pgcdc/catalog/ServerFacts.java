package io.pgcdc.catalog;

/**
 * What the checks need of the server.
 *
 * @param versionNumber server_version_num
 * @param inRecovery a standby
 * @param databaseOid of the connection's database, unsigned
 */
public record ServerFacts(
        int versionNumber, String version, String walLevel, boolean inRecovery, String database, long databaseOid) {

    public int majorVersion() {
        return versionNumber / 10_000;
    }
}
