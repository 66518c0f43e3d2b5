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
 * A table and its live columns as the catalog has them now, by numbers that survive their names.
 *
 * @param table without columns
 * @param columns in the order of their numbers
 */
public record TableHistory(TableFacts table, List<CatalogColumn> columns) {

    /**
     * A live column.
     *
     * @param optional the server does not send it, or not always: it is generated
     */
    public record CatalogColumn(String name, int typeOid, int typmod, boolean optional, ColumnFacts facts) {}

    /** The leaves of a partitioned table. */
    private static final String LEAVES = """
            WITH RECURSIVE tree (oid) AS (
                SELECT c.oid UNION ALL SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
            SELECT l.oid, l.relfilenode FROM tree t JOIN pg_catalog.pg_class l ON l.oid = t.oid AND l.relkind = 'r'""";

    private static final String TABLE = """
            SELECT c.relkind = 'p' AS partitioned, c.relnatts, CAST(r.oid AS bigint) AS root, n.nspname, r.relname,
                CASE WHEN c.relkind = 'p'
                     THEN (SELECT CAST(pg_catalog.hashtext(pg_catalog.string_agg(CAST(f.relfilenode AS text), ',' ORDER BY f.oid))
                                  AS bigint) FROM (%s) f)
                     ELSE CAST(c.relfilenode AS bigint) END AS storage
            FROM pg_catalog.pg_class c
            LEFT JOIN (pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace)
                   ON r.oid = pg_catalog.pg_partition_root(c.oid) AND r.oid <> c.oid
            WHERE c.oid = CAST(? AS pg_catalog.oid)
            """.formatted(LEAVES);

    private static final String MISSING = "(CAST(CAST(%s.attmissingval AS text) AS text[]))[1]";

    /** A partitioned table has no rows of its own: what old ones have is said of its leaves. */
    private static final String COLUMNS = """
            SELECT a.attname, a.attnum, CAST(a.atttypid AS bigint) AS atttypid, a.atttypmod, a.attgenerated <> '' AS generated,
                CAST(CAST(a.xmin AS text) AS bigint) AS stamp,
                a.atthasdef OR a.attnotnull OR a.attidentity <> '' AS filled,
                CASE WHEN a.atthasmissing THEN %1$s
                     WHEN c.relkind = 'p' THEN (SELECT %2$s FROM (%3$s) f JOIN pg_catalog.pg_attribute m
                        ON m.attrelid = f.oid AND m.attname = a.attname AND m.atthasmissing LIMIT 1) END AS missing
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
            WHERE c.oid = CAST(? AS pg_catalog.oid) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """.formatted(MISSING.formatted("a"), MISSING.formatted("m"), LEAVES);

    /**
     * Asks for one table.
     *
     * @param oid pg_class.oid, unsigned
     * @return empty when it is gone
     */
    public static Optional<TableHistory> read(Connection connection, int oid) throws SQLException {
        TableFacts table;
        try (PreparedStatement statement = connection.prepareStatement(TABLE)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
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
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(new CatalogColumn(
                            rows.getString("attname"),
                            (int) rows.getLong("atttypid"),
                            rows.getInt("atttypmod"),
                            rows.getBoolean("generated"),
                            new ColumnFacts(
                                    rows.getInt("attnum"),
                                    (int) rows.getLong("stamp"),
                                    rows.getBoolean("filled"),
                                    rows.getString("missing"))));
                }
            }
        }
        return Optional.of(new TableHistory(table, columns));
    }
}
