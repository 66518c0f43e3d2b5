package io.pgcdc.catalog;

/**
 * What the checks need of the server and the role.
 *
 * @param versionNumber server_version_num
 * @param inRecovery a standby
 * @param mayReplicate superuser, or a role with REPLICATION
 * @param databaseOid of the connection's database, unsigned
 */
public record ServerFacts(
        int versionNumber,
        String version,
        String walLevel,
        boolean inRecovery,
        String role,
        boolean mayReplicate,
        String database,
        long databaseOid) {

    public int majorVersion() {
        return versionNumber / 10_000;
    }
}
