package io.pgcdc.catalog;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.PgType;
import io.pgcdc.model.PgType.Attribute;
import io.pgcdc.model.PgType.Kind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads types from pg_type and related catalogs, together with all types that they consist of, in one query. A type that two others
 * share is one object in the result.
 *
 * <p>Uses the caller's connection, in its current transaction.
 */
public final class TypeCatalog {

    /** Deeper than any real schema; limits the recursion over types. */
    private static final int MAX_DEPTH = 200;

    /**
     * A "true" array is one that the array code subscripts (the server's IsTrueArrayType). int2vector and oidvector are such
     * arrays. point and name also have a typelem, but are not.
     */
    private static final String IS_ARRAY =
            "t.typelem <> 0 AND t.typsubscript = 'pg_catalog.array_subscript_handler'::pg_catalog.regproc";

    private static final String WANTED = """
            WITH RECURSIVE wanted (oid) AS (
                SELECT pg_catalog.unnest(CAST(? AS pg_catalog.oid[]))
                UNION
                SELECT ref.oid
                FROM wanted w
                JOIN pg_catalog.pg_type t ON t.oid = w.oid
                CROSS JOIN LATERAL (
                    SELECT t.typelem WHERE %1$s
                    UNION ALL SELECT t.typbasetype
                    UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
                    UNION ALL SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid
                    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                              WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                ) AS ref (oid)
                WHERE ref.oid <> 0
            )
            """.formatted(IS_ARRAY);

    private static final String TYPES = WANTED + """
            SELECT CAST(t.oid AS bigint) AS oid,
                   t.typname,
                   CAST(t.typtype AS text) AS typtype,
                   %1$s AS is_array,
                   CAST(t.typdelim AS text) AS typdelim,
                   CAST(CASE WHEN t.typtype = 'd' THEN t.typbasetype
                             WHEN %1$s THEN t.typelem
                             ELSE COALESCE(r.rngsubtype, m.rngtypid, 0) END AS bigint) AS element,
                   CASE WHEN t.typtype = 'e' THEN
                        (SELECT pg_catalog.array_agg(CAST(e.enumlabel AS text) ORDER BY e.enumsortorder)
                         FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)
                        ELSE (SELECT pg_catalog.array_agg(CAST(a.attname AS text) ORDER BY a.attnum) %2$s) END AS names,
                   (SELECT pg_catalog.array_agg(CAST(a.atttypid AS bigint) ORDER BY a.attnum) %2$s) AS types,
                   (SELECT e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
                    WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.objsubid = 0
                      AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
                    LIMIT 1) AS extension
            FROM wanted w
            JOIN pg_catalog.pg_type t ON t.oid = w.oid
            LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
            LEFT JOIN pg_catalog.pg_range m ON m.rngmultitypid = t.oid
            """.formatted(IS_ARRAY, """
                    FROM pg_catalog.pg_attribute a
                    WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped""");

    /** find_coercion_pathway as to_jsonb uses it. It never asks about composites, arrays, domains or built-in types. */
    private static final String OWN_JSON_CASTS = WANTED + """
            SELECT DISTINCT n.nspname || '.' || t.typname AS name
            FROM wanted w
            JOIN pg_catalog.pg_type t ON t.oid = w.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            JOIN pg_catalog.pg_cast c ON c.castsource = t.oid AND c.castmethod = 'f'
                                     AND c.casttarget = 'pg_catalog.json'::pg_catalog.regtype
            LEFT JOIN (pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid)
                   ON d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.objsubid = 0
                  AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
            WHERE t.oid >= 16384 AND t.typtype NOT IN ('c', 'd') AND NOT (%1$s) AND e.extname IS DISTINCT FROM 'hstore'
            ORDER BY name
            """.formatted(IS_ARRAY);

    private final Connection connection;

    public TypeCatalog(Connection connection) {
        this.connection = connection;
    }

    /**
     * Returns the types of these oids (unsigned, as in pg_type), each with all types that it consists of.
     *
     * @return one entry for each oid; {@link PgType#unresolved} if the catalog does not know it
     * @throws SQLException if the query fails; {@link CatalogConnection#ask} handles it
     */
    public Map<Integer, PgType> load(Collection<Integer> oids) throws SQLException {
        Map<Integer, Row> rows = oids.isEmpty() ? Map.of() : read(oids);
        Map<Integer, PgType> made = new HashMap<>();
        Map<Integer, PgType> result = new HashMap<>();
        for (Integer oid : oids) {
            result.put(oid, type(oid, rows, made, 0));
        }
        return result;
    }

    /** One row of the query's result. */
    private record Row(
            int oid,
            String name,
            Kind kind,
            char delimiter,
            int element,
            List<String> attributeNames,
            List<Long> attributeTypes,
            @Nullable String extension) {}

    private Map<Integer, Row> read(Collection<Integer> oids) throws SQLException {
        Map<Integer, Row> rows = new HashMap<>();
        query(TYPES, oids, result -> {
            Row row = row(result);
            rows.put(row.oid(), row);
        });
        return rows;
    }

    /**
     * Returns those of these types, or of the types that they consist of, that have a cast to json with its own function. The
     * server's to_jsonb calls that function. pgcdc cannot, and writes the value's text instead. hstore is left out, because pgcdc
     * knows its cast.
     *
     * @return qualified names, sorted
     * @throws SQLException if the query fails
     */
    public List<String> typesWithOwnJsonCast(Collection<Integer> oids) throws SQLException {
        List<String> names = new ArrayList<>();
        query(OWN_JSON_CASTS, oids, result -> names.add(result.getString("name")));
        return names;
    }

    /** Takes one row of a result. */
    private interface RowReader {
        void read(ResultSet result) throws SQLException;
    }

    private void query(String sql, Collection<Integer> oids, RowReader reader) throws SQLException {
        StringJoiner list = new StringJoiner(",", "{", "}");
        oids.forEach(oid -> list.add(Integer.toUnsignedString(oid)));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, list.toString());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    reader.read(result);
                }
            }
        }
    }

    private static Row row(ResultSet result) throws SQLException {
        Array names = result.getArray("names");
        Array types = result.getArray("types");
        return new Row(
                (int) result.getLong("oid"),
                result.getString("typname"),
                kind(result.getString("typtype"), result.getBoolean("is_array")),
                result.getString("typdelim").charAt(0),
                (int) result.getLong("element"),
                names == null ? List.of() : List.of((String[]) names.getArray()),
                types == null ? List.of() : List.of((Long[]) types.getArray()),
                result.getString("extension"));
    }

    private static Kind kind(String typtype, boolean isArray) {
        return switch (typtype) {
            case "c" -> Kind.COMPOSITE;
            case "d" -> Kind.DOMAIN;
            case "e" -> Kind.ENUM;
            case "r" -> Kind.RANGE;
            case "m" -> Kind.MULTIRANGE;
            default -> isArray ? Kind.ARRAY : Kind.BASE;
        };
    }

    private static PgType type(int oid, Map<Integer, Row> rows, Map<Integer, PgType> made, int depth) {
        PgType known = made.get(oid);
        if (known != null) {
            return known;
        }
        Row row = rows.get(oid);
        if (row == null) {
            return PgType.unresolved(oid);
        }
        if (depth == MAX_DEPTH) {
            throw new SourceException(
                    ErrorCode.SOURCE_SQL_FAILED,
                    "type \"" + row.name() + "\" of the source is nested more than " + MAX_DEPTH
                            + " levels deep; remove its column from the publication");
        }
        List<Attribute> attributes = new ArrayList<>();
        if (row.kind() == Kind.ENUM) {
            row.attributeNames().forEach(label -> attributes.add(new Attribute(label, PgType.TEXT)));
        }
        for (int i = 0; i < row.attributeTypes().size(); i++) {
            int attributeType = row.attributeTypes().get(i).intValue();
            attributes.add(new Attribute(row.attributeNames().get(i), type(attributeType, rows, made, depth + 1)));
        }
        PgType element = row.element() == 0 ? null : type(row.element(), rows, made, depth + 1);
        PgType type = new PgType(oid, row.name(), row.kind(), element, row.delimiter(), attributes, row.extension());
        made.put(oid, type);
        return type;
    }
}
