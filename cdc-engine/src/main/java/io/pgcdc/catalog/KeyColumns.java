package io.pgcdc.catalog;

import io.pgcdc.session.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how the values of a table's key are compared, and what their order depends on. */
public final class KeyColumns {

    private static final int DATABASE_COLLATION_SINCE = 15;

    /**
     * Parameters: oid of the table, names of columns. The operator is the one of the key's own index, for it may be in any schema. Placeholder: the
     * version of the default collation.
     */
    private static final String FORM = """
            WITH RECURSIVE base (attnum, oid) AS (
                SELECT a.attnum, a.atttypid
                FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = CAST(? AS pg_catalog.oid) AND a.attname = ANY (?) AND NOT a.attisdropped
                UNION ALL
                SELECT b.attnum, t.typbasetype
                FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid
                WHERE t.typtype = 'd'
            )
            SELECT a.attname, o.oprname, n.nspname AS opschema, c.collname, s.nspname AS collschema,
                CASE WHEN t.typtype = 'c' THEN pg_catalog.format('%%I.%%I', h.nspname, t.typname) END AS cast_to,
                pg_catalog.concat_ws(' ', CAST(c.oid AS text), c.collcollate,
                    CASE WHEN c.collprovider = 'd' THEN %s ELSE pg_catalog.pg_collation_actual_version(c.oid) END,
                    (SELECT pg_catalog.md5(pg_catalog.string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder))
                     FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)) AS sorted
            FROM base b
            JOIN pg_catalog.pg_type t ON t.oid = b.oid AND t.typtype <> 'd'
            JOIN pg_catalog.pg_namespace h ON h.oid = t.typnamespace
            JOIN pg_catalog.pg_attribute a ON a.attrelid = CAST(? AS pg_catalog.oid) AND a.attnum = b.attnum
            LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation
            LEFT JOIN pg_catalog.pg_namespace s ON s.oid = c.collnamespace
            LEFT JOIN LATERAL (
                SELECT m.amopopr
                FROM pg_catalog.pg_index i
                CROSS JOIN LATERAL unnest(i.indkey, i.indclass) AS k(attnum, opclass)
                JOIN pg_catalog.pg_opclass l ON l.oid = k.opclass
                JOIN pg_catalog.pg_am am ON am.oid = l.opcmethod AND am.amname = 'btree'
                JOIN pg_catalog.pg_amop m ON m.amopfamily = l.opcfamily AND m.amopstrategy = 3
                 AND m.amoplefttype = l.opcintype AND m.amoprighttype = l.opcintype
                WHERE i.indrelid = a.attrelid AND k.attnum = a.attnum AND (i.indisprimary OR i.indisreplident)
                LIMIT 1) AS e ON true
            LEFT JOIN pg_catalog.pg_operator o ON o.oid = e.amopopr
            LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
            """;

    private static final String DATABASE_COLLATION = """
            (SELECT pg_catalog.concat_ws(' ', d.datcollate, pg_catalog.pg_database_collation_actual_version(d.oid))
             FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())""";

    private static final String OLD_DATABASE_COLLATION = """
            (SELECT pg_catalog.concat_ws(' ', d.datcollate, (
                SELECT pg_catalog.max(pg_catalog.pg_collation_actual_version(v.oid))
                FROM pg_catalog.pg_collation v WHERE v.collprovider = 'c' AND v.collcollate = d.datcollate))
             FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())""";

    private KeyColumns() {}

    /**
     * A column of a key.
     *
     * @param equality the operator that finds a value, in SQL
     * @param cast the type, in SQL, that a literal must be cast to; null: none is needed
     * @param collation its name in SQL; null: the type has none
     * @param order changes when the order of values does, as far as the server knows
     */
    public record KeyColumn(
            String name,
            String equality,
            @Nullable String cast,
            @Nullable String collation,
            String order) {

        /** Returns a column of a type of pg_catalog. */
        public static KeyColumn plain(String name) {
            return new KeyColumn(name, "OPERATOR(pg_catalog.=)", null, null, "");
        }

        /** Returns a condition that finds the value with this text. */
        public String finds(String text) {
            String literal = Quoted.literal(text);
            return Quoted.identifier(name) + " " + equality + " "
                    + (cast == null ? literal : "CAST(" + literal + " AS " + cast + ")");
        }

        /** Returns the expression to sort by. Its order stays the same if the column gets another collation. */
        public String sorted() {
            return Quoted.identifier(name) + (collation == null ? "" : " COLLATE " + collation);
        }
    }

    /**
     * Returns the columns of a key, in the order of their names in the list. A column that is gone is a plain one.
     *
     * @param oid of the table
     */
    public static List<KeyColumn> read(Connection connection, int oid, List<String> names) throws SQLException {
        boolean known = connection.getMetaData().getDatabaseMajorVersion() >= DATABASE_COLLATION_SINCE;
        String sql = FORM.formatted(known ? DATABASE_COLLATION : OLD_DATABASE_COLLATION);
        Map<String, KeyColumn> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            statement.setArray(2, connection.createArrayOf("name", names.toArray()));
            statement.setLong(3, Integer.toUnsignedLong(oid));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    KeyColumn column = column(row);
                    found.put(column.name(), column);
                }
            }
        }
        List<KeyColumn> columns = new ArrayList<>();
        names.forEach(name -> columns.add(found.getOrDefault(name, KeyColumn.plain(name))));
        return columns;
    }

    private static KeyColumn column(ResultSet row) throws SQLException {
        String name = row.getString("attname");
        String operator = row.getString("oprname");
        String collation = row.getString("collname");
        return new KeyColumn(
                name,
                operator == null
                        ? KeyColumn.plain(name).equality()
                        : "OPERATOR(" + Quoted.identifier(row.getString("opschema")) + "." + operator + ")",
                row.getString("cast_to"),
                collation == null
                        ? null
                        : Quoted.identifier(row.getString("collschema")) + "." + Quoted.identifier(collation),
                row.getString("sorted"));
    }
}
