package io.pgcdc.catalog;

import io.pgcdc.model.Membership;
import io.pgcdc.model.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a table's keys and publications when its relation arrives. */
public final class RelationCatalog {

    private static final int COLUMN_LISTS_SINCE = 15;

    private static final String KEY_COLUMNS = """
            SELECT i.indisprimary, i.indisreplident, a.attname
            FROM pg_catalog.pg_index i
            CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = ? AND k.place <= i.indnkeyatts AND (i.indisprimary OR i.indisreplident)
            ORDER BY i.indexrelid, k.place
            """;

    private static final String COLUMNS = """
            SELECT a.attname
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')
            """;

    /** The tables that a publication can have. */
    private static final String TABLES = """
            SELECT n.nspname, c.relname
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND c.oid >= 16384
            ORDER BY 1, 2
            """;

    /**
     * Returns one table's rows of pg_publication_tables, from other catalogs. Since 16, that view opens every table of a
     * publication. So it waits for everyone who holds or awaits an exclusive lock on any of them; a query of catalogs alone does
     * not. Parameters: oid, publications. A partition is published if it, or an ancestor, is listed; under
     * publish_via_partition_root only the topmost listed table is.
     *
     * <p>Placeholders: publications that list the schemas of the line; row filter and column list; their source.
     */
    private static final String MEMBERSHIP_FORM = """
            WITH RECURSIVE line (oid, depth) AS (
                SELECT CAST(? AS pg_catalog.oid), 0
                UNION ALL
                SELECT i.inhparent, l.depth + 1
                FROM line l
                JOIN pg_catalog.pg_class c ON c.oid = l.oid AND c.relispartition
                JOIN pg_catalog.pg_inherits i ON i.inhrelid = l.oid
            ), listed (publication, depth) AS (
                SELECT r.prpubid, l.depth FROM line l JOIN pg_catalog.pg_publication_rel r ON r.prrelid = l.oid
                %1$s
            )
            SELECT p.pubname, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot, %2$s
            FROM line l
            JOIN pg_catalog.pg_class c ON c.oid = l.oid AND l.depth = 0
            CROSS JOIN pg_catalog.pg_publication p
            %3$s
            WHERE p.pubname = ANY (?) AND c.relkind IN ('r', 'p')
              AND CASE WHEN p.puballtables AND p.pubviaroot THEN NOT c.relispartition
                       WHEN p.puballtables THEN c.relkind = 'r'
                       WHEN p.pubviaroot THEN 0 = (SELECT max(m.depth) FROM listed m WHERE m.publication = p.oid)
                       ELSE c.relkind = 'r' AND EXISTS (SELECT FROM listed m WHERE m.publication = p.oid) END
            ORDER BY p.pubname
            """;

    private static final String OLD_MEMBERSHIPS =
            MEMBERSHIP_FORM.formatted("", "NULL::text AS rowfilter, NULL::name[] AS attnames", "");

    private static final String MEMBERSHIPS = MEMBERSHIP_FORM.formatted("""
            UNION
                SELECT n.pnpubid, l.depth
                FROM line l
                JOIN pg_catalog.pg_class c ON c.oid = l.oid
                JOIN pg_catalog.pg_publication_namespace n ON n.pnnspid = c.relnamespace""", """
            pg_catalog.pg_get_expr(r.prqual, r.prrelid) AS rowfilter,
                   (SELECT pg_catalog.array_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) AS attnames""", """
            LEFT JOIN pg_catalog.pg_publication_rel r
                   ON r.prpubid = p.oid AND r.prrelid = c.oid
                  AND NOT EXISTS (SELECT FROM pg_catalog.pg_publication_namespace n
                                  WHERE n.pnpubid = p.oid AND n.pnnspid = c.relnamespace)""");

    /** Parameter: oid of the table. pg_partition_tree() would wait for locks. */
    private static final String PARTITIONS_SEND_KEYS = """
            WITH RECURSIVE part (oid, relkind, relreplident) AS (
                SELECT c.oid, c.relkind, c.relreplident FROM pg_catalog.pg_class c WHERE c.oid = CAST(? AS pg_catalog.oid)
                UNION ALL
                SELECT c.oid, c.relkind, c.relreplident
                FROM part p
                JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid AND p.relkind = 'p'
                JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
            )
            SELECT count(*) > 0 FROM part p
            WHERE p.relkind = 'r' AND p.relreplident <> 'f' AND p.oid <> CAST(? AS pg_catalog.oid)
            """;

    private RelationCatalog() {}

    /**
     * Returns whether a partition of the table, at any depth, has not REPLICA IDENTITY FULL.
     *
     * @param oid pg_class.oid, unsigned
     */
    public static boolean partitionsSendKeys(Connection connection, int oid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PARTITIONS_SEND_KEYS)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            statement.setLong(2, Integer.toUnsignedLong(oid));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /**
     * Returns the facts of one table.
     *
     * @param oid pg_class.oid, unsigned
     */
    public static RelationFacts read(Connection connection, int oid, List<String> publications) throws SQLException {
        List<String> primaryKey = new ArrayList<>();
        List<String> identityIndex = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(KEY_COLUMNS)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    // one index may be both primary key and replica identity
                    if (rows.getBoolean("indisprimary")) {
                        primaryKey.add(rows.getString("attname"));
                    }
                    if (rows.getBoolean("indisreplident")) {
                        identityIndex.add(rows.getString("attname"));
                    }
                }
            }
        }
        return new RelationFacts(orNull(primaryKey), orNull(identityIndex), memberships(connection, oid, publications));
    }

    private static @Nullable List<String> orNull(List<String> names) {
        return names.isEmpty() ? null : names;
    }

    /** Returns the names of a table's columns, published or not. Empty if the table does not exist. */
    public static Set<String> columns(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            Set<String> names = new TreeSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString("attname"));
                }
            }
            return names;
        }
    }

    /** Returns the names of all tables of the database that a publication can have. */
    public static List<TableName> tables(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TABLES);
                ResultSet rows = statement.executeQuery()) {
            List<TableName> names = new ArrayList<>();
            while (rows.next()) {
                names.add(new TableName(rows.getString("nspname"), rows.getString("relname")));
            }
            return names;
        }
    }

    /** Returns whether the publications differ in publish_via_partition_root. */
    public static boolean rootsDiffer(Connection connection, List<String> publications) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT count(DISTINCT pubviaroot) > 1 FROM pg_catalog.pg_publication WHERE pubname = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("name", publications.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static List<Membership> memberships(Connection connection, int oid, List<String> publications)
            throws SQLException {
        boolean lists = connection.getMetaData().getDatabaseMajorVersion() >= COLUMN_LISTS_SINCE;
        try (PreparedStatement statement = connection.prepareStatement(lists ? MEMBERSHIPS : OLD_MEMBERSHIPS)) {
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
