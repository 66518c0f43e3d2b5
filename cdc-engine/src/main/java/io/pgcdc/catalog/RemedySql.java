package io.pgcdc.catalog;

import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import java.util.List;
import java.util.stream.Collectors;

/** The SQL of remedies: whole statements to paste, with quoted names. Asks nobody. */
public final class RemedySql {

    private RemedySql() {}

    public static String identityFull(TableName table) {
        return "ALTER TABLE " + table.sql() + " REPLICA IDENTITY FULL;";
    }

    public static String addTables(String publication, List<TableName> tables) {
        return "ALTER PUBLICATION " + Quoted.identifier(publication) + " ADD TABLE " + list(tables) + ";";
    }

    /** @param tables empty for all */
    public static String createPublication(String publication, List<TableName> tables) {
        return "CREATE PUBLICATION " + Quoted.identifier(publication)
                + (tables.isEmpty() ? " FOR ALL TABLES;" : " FOR TABLE " + list(tables) + ";");
    }

    /** Makes a publication publish all operations. */
    public static String publishAll(String publication) {
        return "ALTER PUBLICATION " + Quoted.identifier(publication) + " SET (publish = '"
                + String.join(", ", PublicationQueries.OPERATIONS) + "');";
    }

    public static String grantUsage(String schema, String role) {
        return "GRANT USAGE ON SCHEMA " + Quoted.identifier(schema) + " TO " + Quoted.identifier(role) + ";";
    }

    public static String grantSelect(TableName table, String role) {
        return "GRANT SELECT ON " + table.sql() + " TO " + Quoted.identifier(role) + ";";
    }

    public static String bypassRowSecurity(String role) {
        return "ALTER ROLE " + Quoted.identifier(role) + " BYPASSRLS;";
    }

    /** Sets a parameter for a role in a database: this beats the settings of the role, of the database and of the server. */
    public static String setForRole(String role, String database, String parameter, String value) {
        return "ALTER ROLE " + Quoted.identifier(role) + " IN DATABASE " + Quoted.identifier(database) + " SET "
                + parameter + " = " + Quoted.literal(value) + ";";
    }

    public static String rollbackPrepared(String gid) {
        return "ROLLBACK PREPARED " + Quoted.literal(gid) + ";";
    }

    private static String list(List<TableName> tables) {
        return tables.stream().map(TableName::sql).collect(Collectors.joining(", "));
    }
}
