package io.pgcdc.catalog;

import io.pgcdc.model.Membership;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a table's keys and publications when its relation arrives. */
public final class RelationCatalog {

    private static final int COLUMN_LISTS_SINCE = 15;

    private static final String KEY_COLUMNS = """
            SELECT i.indisprimary, a.attname
            FROM pg_catalog.pg_index i
            CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = ? AND k.place <= i.indnkeyatts
              AND CASE WHEN ? THEN i.indisprimary ELSE i.indisreplident END
            ORDER BY k.place
            """;

    private RelationCatalog() {}

    /**
     * Asks for one table.
     *
     * @param oid pg_class.oid, unsigned
     */
    public static RelationFacts read(Connection connection, int oid, List<String> publications) throws SQLException {
        return new RelationFacts(
                keyColumns(connection, oid, true),
                keyColumns(connection, oid, false),
                memberships(connection, oid, publications));
    }

    private static @Nullable List<String> keyColumns(Connection connection, int oid, boolean primary)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KEY_COLUMNS)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            statement.setBoolean(2, primary);
            List<String> names = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString("attname"));
                }
            }
            return names.isEmpty() ? null : names;
        }
    }

    /** By oid: the table may have another name by now than the stream says. */
    private static List<Membership> memberships(Connection connection, int oid, List<String> publications)
            throws SQLException {
        boolean lists = connection.getMetaData().getDatabaseMajorVersion() >= COLUMN_LISTS_SINCE;
        String sql = "SELECT p.pubname, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot, "
                + (lists ? "t.rowfilter, t.attnames" : "NULL::text AS rowfilter, NULL::name[] AS attnames")
                + " FROM pg_catalog.pg_publication p JOIN pg_catalog.pg_publication_tables t ON t.pubname = p.pubname"
                + " JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname"
                + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename"
                + " WHERE c.oid = ? AND p.pubname = ANY (?) ORDER BY p.pubname";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            statement.setArray(2, connection.createArrayOf("name", publications.toArray()));
            List<Membership> memberships = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    memberships.add(new Membership(
                            row.getString("pubname"),
                            row.getBoolean("pubinsert"),
                            row.getBoolean("pubupdate"),
                            row.getBoolean("pubdelete"),
                            row.getBoolean("pubtruncate"),
                            row.getString("rowfilter"),
                            names(row.getArray("attnames")),
                            row.getBoolean("pubviaroot")));
                }
            }
            return memberships;
        }
    }

    private static @Nullable List<String> names(@Nullable Array array) throws SQLException {
        return array == null ? null : List.of((String[]) array.getArray());
    }
}
