package io.pgcdc.catalog;

import io.pgcdc.model.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What publications have, and what a new one would do to its tables. */
public final class PublicationQueries {

    /** What a publication can publish, as its parameter publish names it. */
    public static final List<String> OPERATIONS = List.of("insert", "update", "delete", "truncate");

    private static final int SCHEMAS_SINCE = 15;

    /** Parameters: schemas, names, publications. Placeholder: publications that list the schemas of the line. */
    private static final String NOT_PUBLISHED = """
            WITH RECURSIVE asked (nspname, relname) AS (SELECT * FROM unnest(CAST(? AS name[]), CAST(? AS name[]))
            ), line (nspname, relname, oid) AS (
                SELECT a.nspname, a.relname, c.oid
                FROM asked a
                JOIN pg_catalog.pg_namespace n ON n.nspname = a.nspname
                JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = a.relname
                UNION ALL
                SELECT l.nspname, l.relname, i.inhparent
                FROM line l
                JOIN pg_catalog.pg_class c ON c.oid = l.oid AND c.relispartition
                JOIN pg_catalog.pg_inherits i ON i.inhrelid = l.oid
            ), pub AS (SELECT oid, puballtables FROM pg_catalog.pg_publication WHERE pubname = ANY (?))
            SELECT a.nspname, a.relname FROM asked a
            WHERE NOT EXISTS (SELECT FROM pub WHERE puballtables)
              AND NOT EXISTS (
                  SELECT FROM line l
                  JOIN pg_catalog.pg_class c ON c.oid = l.oid
                  WHERE (l.nspname, l.relname) = (a.nspname, a.relname)
                    AND (l.oid IN (SELECT r.prrelid FROM pub JOIN pg_catalog.pg_publication_rel r ON r.prpubid = pub.oid)%s))
            ORDER BY 1, 2
            """;

    private static final String OF_SCHEMA = """

                         OR c.relnamespace IN (
                             SELECT s.pnnspid FROM pub JOIN pg_catalog.pg_publication_namespace s ON s.pnpubid = pub.oid)""";

    /**
     * Parameters: whether all tables count; schemas, names. As in the server, a deferrable primary key is no replica identity. Placeholder: whether
     * the tables with an index as identity are wanted, or those without any.
     */
    private static final String WITH_IDENTITY_FORM = """
            WITH RECURSIVE part (oid, relkind) AS (
                SELECT c.oid, c.relkind
                FROM pg_catalog.pg_class c
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE (CAST(? AS boolean) AND c.oid >= 16384 AND n.nspname !~ '^pg_temp')
                   OR (n.nspname, c.relname) IN (SELECT * FROM unnest(CAST(? AS name[]), CAST(? AS name[])))
                UNION
                SELECT c.oid, c.relkind
                FROM part p
                JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid AND p.relkind = 'p'
                JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
            )
            SELECT n.nspname, c.relname
            FROM part p
            JOIN pg_catalog.pg_class c ON c.oid = p.oid AND c.relkind = 'r' AND c.relpersistence = 'p'
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relreplident <> 'f' AND %s (c.relreplident <> 'n' AND EXISTS (
                SELECT FROM pg_catalog.pg_index i
                WHERE i.indrelid = c.oid AND i.indisvalid
                  AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary AND i.indimmediate END))
            ORDER BY 1, 2
            LIMIT 10
            """;

    /** Parameter: publications. Placeholder: those that list a schema. */
    private static final String EMPTY = """
            SELECT p.pubname
            FROM pg_catalog.pg_publication p
            WHERE p.pubname = ANY (?) AND NOT p.puballtables
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid)%s
            ORDER BY p.pubname
            """;

    private static final String LISTS_SCHEMA = """

              AND NOT EXISTS (SELECT FROM pg_catalog.pg_publication_namespace s WHERE s.pnpubid = p.oid)""";

    private PublicationQueries() {}

    /** Returns those of the tables that are in none of the publications, neither themselves nor by a table above them nor by their schema. */
    public static List<TableName> notPublished(Connection connection, List<TableName> tables, List<String> publications)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(NOT_PUBLISHED.formatted(listsSchemas(connection) ? OF_SCHEMA : ""))) {
            setTables(connection, statement, 1, tables);
            statement.setArray(3, names(connection, publications));
            return tables(statement);
        }
    }

    /**
     * Returns tables, at most ten, whose rows could not be updated or deleted any more if they, or their partitions, were published: they have no
     * replica identity.
     *
     * @param tables empty for all of the database
     */
    public static List<TableName> withoutIdentity(Connection connection, List<TableName> tables) throws SQLException {
        return withIdentity(connection, tables, "NOT");
    }

    /** Returns those of the tables and their partitions, at most ten, whose replica identity is an index: the server sends no whole old rows of them. */
    public static List<TableName> withKeyAsIdentity(Connection connection, List<TableName> tables) throws SQLException {
        return tables.isEmpty() ? List.of() : withIdentity(connection, tables, "");
    }

    private static List<TableName> withIdentity(Connection connection, List<TableName> tables, String not)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WITH_IDENTITY_FORM.formatted(not))) {
            statement.setBoolean(1, tables.isEmpty());
            setTables(connection, statement, 2, tables);
            return tables(statement);
        }
    }

    /** Returns those of the publications that list nothing. */
    public static List<String> empty(Connection connection, List<String> publications) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(EMPTY.formatted(listsSchemas(connection) ? LISTS_SCHEMA : ""))) {
            statement.setArray(1, names(connection, publications));
            List<String> empty = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    empty.add(rows.getString(1));
                }
            }
            return empty;
        }
    }

    /** Returns the operations that each of the publications leaves out, as the parameter publish names them; only those that leave any out. */
    public static Map<String, List<String>> omittedOperations(Connection connection, List<String> publications)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT pubname, pubinsert, pubupdate, pubdelete, pubtruncate FROM pg_catalog.pg_publication"
                        + " WHERE pubname = ANY (?) ORDER BY pubname")) {
            statement.setArray(1, names(connection, publications));
            Map<String, List<String>> omitted = new LinkedHashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<String> operations = new ArrayList<>();
                    for (int i = 0; i < OPERATIONS.size(); i++) {
                        if (!row.getBoolean(i + 2)) {
                            operations.add(OPERATIONS.get(i));
                        }
                    }
                    if (!operations.isEmpty()) {
                        omitted.put(row.getString(1), operations);
                    }
                }
            }
            return omitted;
        }
    }

    private static boolean listsSchemas(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() >= SCHEMAS_SINCE;
    }

    private static void setTables(
            Connection connection, PreparedStatement statement, int parameter, List<TableName> tables)
            throws SQLException {
        statement.setArray(
                parameter,
                names(connection, tables.stream().map(TableName::schema).toList()));
        statement.setArray(
                parameter + 1,
                names(connection, tables.stream().map(TableName::name).toList()));
    }

    private static Array names(Connection connection, List<String> names) throws SQLException {
        return connection.createArrayOf("name", names.toArray());
    }

    private static List<TableName> tables(PreparedStatement statement) throws SQLException {
        List<TableName> tables = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                tables.add(new TableName(rows.getString("nspname"), rows.getString("relname")));
            }
        }
        return tables;
    }
}
