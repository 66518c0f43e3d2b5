package io.pgcdc.catalog;

import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableFacts.ColumnFacts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table and its current columns as the catalog has them now, identified by numbers that do not change when they are renamed.
 *
 * @param table without columns
 * @param columns in the order of their numbers
 */
public record TableHistory(TableFacts table, List<CatalogColumn> columns) {

    /**
     * A column that is not dropped.
     *
     * @param optional true if the server does not send it, or not always, because it is generated
     */
    public record CatalogColumn(String name, int typeOid, int typmod, boolean optional, ColumnFacts facts) {}

    /** A partitioned table and all its partitions; empty for any other table. */
    private static final String TREE = """
            WITH RECURSIVE tree (oid) AS (
                SELECT p.oid FROM pg_catalog.pg_class p WHERE p.oid = CAST(? AS pg_catalog.oid) AND p.relkind = 'p'
                UNION ALL SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
            """;

    /**
     * A rewrite of a partitioned table gives each leaf a new file. A leaf's first file has the number of its oid. Such leaves are
     * ignored, so a partition that is created or dropped does not look like a rewrite. 1 if all leaves have their first file.
     */
    private static final String TABLE = TREE + """
            SELECT c.relkind = 'p' AS partitioned, c.relnatts, CAST(r.oid AS bigint) AS root, n.nspname, r.relname,
                CASE WHEN c.relkind = 'p'
                     THEN (SELECT COALESCE(pg_catalog.max(CAST(l.relfilenode AS bigint)), 1)
                           FROM tree t JOIN pg_catalog.pg_class l ON l.oid = t.oid
                           WHERE l.relkind = 'r' AND l.relfilenode <> l.oid)
                     ELSE CAST(c.relfilenode AS bigint) END AS storage
            FROM pg_catalog.pg_class c
            LEFT JOIN (pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace)
                   ON r.oid = pg_catalog.pg_partition_root(c.oid) AND r.oid <> c.oid
            WHERE c.oid = CAST(? AS pg_catalog.oid)
            """;

    /** A partitioned table has no rows: the missing values of old rows come from its leaves. */
    private static final String COLUMNS = TREE + """
            , leaves AS (
                SELECT m.attname, pg_catalog.min(CAST(m.attmissingval AS text)) AS missing
                FROM tree t JOIN pg_catalog.pg_attribute m ON m.attrelid = t.oid
                WHERE m.atthasmissing GROUP BY m.attname)
            SELECT a.attname, a.attnum, CAST(a.atttypid AS bigint) AS atttypid, a.atttypmod, a.attgenerated <> '' AS generated,
                CAST(CAST(a.xmin AS text) AS bigint) AS stamp,
                a.atthasdef OR a.attnotnull OR a.attidentity <> '' AS filled,
                CASE WHEN a.atthasmissing THEN CAST(a.attmissingval AS text) ELSE l.missing END AS missing
            FROM pg_catalog.pg_attribute a LEFT JOIN leaves l ON l.attname = a.attname
            WHERE a.attrelid = CAST(? AS pg_catalog.oid) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """;

    /**
     * Returns one table's history.
     *
     * @param oid pg_class.oid, unsigned
     * @return empty if the table is gone
     */
    public static Optional<TableHistory> read(Connection connection, int oid) throws SQLException {
        TableFacts table;
        try (PreparedStatement statement = connection.prepareStatement(TABLE)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            statement.setLong(2, Integer.toUnsignedLong(oid));
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String root = row.getString("relname");
                table = new TableFacts(
                        (int) row.getLong("storage"),
                        0,
                        row.getInt("relnatts"),
                        row.getBoolean("partitioned"),
                        root == null
                                ? null
                                : new TableFacts.Root((int) row.getLong("root"), row.getString("nspname"), root),
                        List.of());
            }
        }
        List<CatalogColumn> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            statement.setLong(2, Integer.toUnsignedLong(oid));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String missing = rows.getString("missing");
                    columns.add(new CatalogColumn(
                            rows.getString("attname"),
                            (int) rows.getLong("atttypid"),
                            rows.getInt("atttypmod"),
                            rows.getBoolean("generated"),
                            new ColumnFacts(
                                    rows.getInt("attnum"),
                                    (int) rows.getLong("stamp"),
                                    rows.getBoolean("filled"),
                                    missing == null ? null : onlyElement(missing))));
                }
            }
        }
        return Optional.of(new TableHistory(table, columns));
    }

    /**
     * Returns the element of an array of one element, from the array's text. The text has no delimiter, which differs between
     * types.
     */
    static String onlyElement(String array) {
        String body = array.substring(1, array.length() - 1);
        if (!body.startsWith("\"")) {
            return body;
        }
        StringBuilder element = new StringBuilder();
        for (int i = 1; i < body.length() - 1; i++) {
            if (body.charAt(i) == '\\') {
                i++;
            }
            element.append(body.charAt(i));
        }
        return element.toString();
    }
}
