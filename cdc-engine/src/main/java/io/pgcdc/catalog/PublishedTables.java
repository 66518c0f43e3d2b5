package io.pgcdc.catalog;

import io.pgcdc.model.Membership;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads which tables publications have, as a snapshot needs them: with the columns that the server sends, and their files. */
public final class PublishedTables {

    private static final int GENERATED_SINCE = 18;

    /**
     * If publications differ in publish_via_partition_root, a partition may be in one list, and a table above it in another. The server then
     * streams all its rows under the topmost of them (pgoutput.c, get_rel_sync_entry).
     */
    private static final String TABLES = """
            WITH listed AS (
                SELECT DISTINCT c.oid, n.nspname, c.relname, c.relreplident
                FROM pg_catalog.pg_publication_tables t
                JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
                JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
                WHERE t.pubname = ANY (?))
            SELECT CAST(l.oid AS bigint) AS oid, l.nspname, l.relname, l.relreplident
            FROM listed l
            WHERE NOT EXISTS (
                SELECT FROM pg_catalog.pg_partition_ancestors(l.oid) a JOIN listed o ON o.oid = a.relid WHERE o.oid <> l.oid)
            ORDER BY l.nspname, l.relname
            """;

    /** As in the server, the columns of a deferrable primary key are no replica identity. */
    private static final String COLUMNS = """
            SELECT a.attname, CAST(a.atttypid AS bigint) AS atttypid, a.atttypmod, a.attgenerated,
                CASE c.relreplident WHEN 'f' THEN true WHEN 'n' THEN false ELSE EXISTS (
                    SELECT FROM pg_catalog.pg_index i
                    CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
                    WHERE i.indrelid = c.oid AND k.attnum = a.attnum AND k.place <= i.indnkeyatts AND i.indisvalid
                      AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary AND i.indimmediate END)
                END AS identity
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.oid = CAST(? AS pg_catalog.oid)
            ORDER BY a.attnum
            """;

    /** A table's own file, or those of a partitioned table's leaves. */
    private static final String FILES = """
            SELECT CAST(l.oid AS bigint) AS oid, n.nspname, l.relname,
                COALESCE(CAST(pg_catalog.pg_relation_filenode(l.oid) AS bigint), 0) AS filenode,
                COALESCE(pg_catalog.pg_relation_size(l.oid), 0) / CAST(pg_catalog.current_setting('block_size') AS bigint) AS blocks
            FROM pg_catalog.pg_class l
            JOIN pg_catalog.pg_namespace n ON n.oid = l.relnamespace
            WHERE l.relkind = 'r' AND l.oid IN (
                SELECT CAST(? AS pg_catalog.oid)
                UNION ALL SELECT p.relid FROM pg_catalog.pg_partition_tree(CAST(? AS pg_catalog.oid)) p WHERE p.isleaf)
            ORDER BY l.oid
            """;

    private PublishedTables() {}

    /** A table of a publication. */
    public record PublishedTable(int oid, TableName name, ReplicaIdentity identity) {}

    /**
     * A column that the server sends.
     *
     * @param identity true if it belongs to the replica identity
     */
    public record SentColumn(String name, int typeOid, int typmod, boolean identity) {}

    /**
     * A file with rows: an ordinary table, or a leaf of a partitioned one.
     *
     * @param filenode changes when the table is rewritten
     * @param blocks its size
     */
    public record TableFile(int oid, TableName name, long filenode, long blocks) {}

    /**
     * Returns the tables under whose names the server streams rows. With publish_via_partition_root that is a partitioned table instead of its
     * partitions.
     */
    public static List<PublishedTable> tables(Connection connection, List<String> publications) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
            statement.setArray(1, connection.createArrayOf("name", publications.toArray()));
            List<PublishedTable> tables = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.add(new PublishedTable(
                            (int) rows.getLong("oid"),
                            new TableName(rows.getString("nspname"), rows.getString("relname")),
                            ReplicaIdentity.of(rows.getString("relreplident").charAt(0))));
                }
            }
            return tables;
        }
    }

    /**
     * Returns the columns that the server sends of a table, in its order. Empty if the table is gone.
     *
     * @param memberships of the table; all have the same columns, else the server refuses the stream
     */
    public static List<SentColumn> columns(Connection connection, int oid, List<Membership> memberships)
            throws SQLException {
        List<String> listed = memberships.isEmpty() ? null : memberships.get(0).columns();
        boolean generated = listed != null || sendsGenerated(connection, memberships);
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            List<SentColumn> columns = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String name = rows.getString("attname");
                    String kind = rows.getString("attgenerated");
                    boolean sent = kind.isEmpty() || (generated && kind.equals("s"));
                    if (sent && (listed == null || listed.contains(name))) {
                        columns.add(new SentColumn(
                                name,
                                (int) rows.getLong("atttypid"),
                                rows.getInt("atttypmod"),
                                rows.getBoolean("identity")));
                    }
                }
            }
            return columns;
        }
    }

    /** Returns whether the publications send stored generated columns that they do not list. */
    private static boolean sendsGenerated(Connection connection, List<Membership> memberships) throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() < GENERATED_SINCE) {
            return false;
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT bool_or(pubgencols = 's') FROM pg_catalog.pg_publication WHERE pubname = ANY (?)")) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "name",
                            memberships.stream().map(Membership::publication).toArray()));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Returns the files of a table. Empty if it is gone. */
    public static List<TableFile> files(Connection connection, int oid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FILES)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            statement.setLong(2, Integer.toUnsignedLong(oid));
            List<TableFile> files = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    files.add(new TableFile(
                            (int) rows.getLong("oid"),
                            new TableName(rows.getString("nspname"), rows.getString("relname")),
                            rows.getLong("filenode"),
                            rows.getLong("blocks")));
                }
            }
            return files;
        }
    }
}
