package io.pgcdc.catalog;

/**
 * The facts of the server that the checks need.
 *
 * @param versionNumber server_version_num
 * @param inRecovery true for a standby
 * @param databaseOid oid of the connection's database, unsigned
 * @param nextXid the next transaction id, low 32 bits
 */
public record ServerFacts(
        int versionNumber,
        String version,
        String walLevel,
        boolean inRecovery,
        String database,
        long databaseOid,
        int nextXid) {

    public int majorVersion() {
        return versionNumber / 10_000;
    }
}
