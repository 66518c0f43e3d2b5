package io.pgcdc.catalog;

import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.session.Quoted;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says how a publication can be told to leave out columns. Asks only; changes nothing. */
public final class ColumnListAdvice {

    private static final int COLUMN_LISTS_SINCE = 15;

    /** Parameters: the table's oid, publications. The filter as the server prints it. */
    private static final String LISTED = """
            SELECT p.pubname, pg_catalog.pg_get_expr(r.prqual, r.prrelid) AS filter
            FROM pg_catalog.pg_publication p
            JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid
            WHERE r.prrelid = CAST(? AS bigint)::oid AND p.pubname = ANY (?)
            """;

    /** Parameter: the table's oid. Such a key is the replica identity by default. */
    private static final String HAS_KEY = """
            SELECT EXISTS (
                SELECT FROM pg_catalog.pg_index
                WHERE indrelid = CAST(? AS bigint)::oid AND indisprimary AND indimmediate AND indisvalid)
            """;

    /** Parameter: publications. */
    private static final String WITH_SCHEMAS = """
            SELECT EXISTS (
                SELECT FROM pg_catalog.pg_publication p
                JOIN pg_catalog.pg_publication_namespace n ON n.pnpubid = p.oid
                WHERE p.pubname = ANY (CAST(? AS name[])))
            """;

    /** Parameter: the table's oid. */
    private static final String HAS_CHILDREN = """
            SELECT EXISTS (
                SELECT FROM pg_catalog.pg_inherits i
                JOIN pg_catalog.pg_class c ON c.oid = i.inhparent
                WHERE c.oid = CAST(? AS bigint)::oid AND c.relkind = 'r')
            """;

    private final CatalogConnection catalog;

    public ColumnListAdvice(CatalogConnection catalog) {
        this.catalog = catalog;
    }

    /**
     * An answer. One of the two is null.
     *
     * @param sql one transaction, in lines
     * @param obstacle a sentence
     */
    public record Answer(@Nullable String sql, @Nullable String obstacle) {}

    /**
     * Returns the SQL after which the table's publications leave out the columns. All columns: the table.
     *
     * @param table a layout with its memberships
     * @throws io.pgcdc.error.SourceException the server does not answer
     */
    public Answer without(Relation table, List<String> columns) {
        return catalog.ask("reading the publications of " + table.atSource(), connection -> {
            Map<String, String> listed = listed(connection, table);
            List<String> foreign = table.publications().stream()
                    .map(Membership::publication)
                    .filter(publication -> !listed.containsKey(publication))
                    .toList();
            String name = table.atSource().sql();
            if (listed.isEmpty() || !foreign.isEmpty()) {
                return new Answer(
                        null,
                        "publication " + String.join(", ", foreign.isEmpty() ? List.of("?") : foreign)
                                + " has the table as one of all, by its schema, or as a partition. Publish it by its name first:"
                                + " FOR TABLE " + name + ".");
            }
            if (columns.size() == table.columns().size()) {
                return new Answer(statements(listed, publication -> drop(publication, name)), null);
            }
            String obstacle = obstacle(connection, table, name);
            return obstacle != null
                    ? new Answer(null, obstacle)
                    : new Answer(
                            statements(
                                    listed,
                                    publication -> drop(publication, name)
                                            + add(publication, name, kept(table, columns), listed.get(publication))),
                            null);
        });
    }

    private static @Nullable String obstacle(Connection connection, Relation table, String name) throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() < COLUMN_LISTS_SINCE) {
            return "a list of columns needs PostgreSQL " + COLUMN_LISTS_SINCE + " or later.";
        }
        if (table.identity() == ReplicaIdentity.FULL) {
            return "REPLICA IDENTITY FULL sends whole rows, and then the server permits no list of columns. If no sink needs old values,"
                    + (is(connection, HAS_KEY, table)
                            ? " run first: ALTER TABLE " + name + " REPLICA IDENTITY DEFAULT."
                            : " give the table a primary key first, and then REPLICA IDENTITY DEFAULT.");
        }
        try (PreparedStatement statement = connection.prepareStatement(WITH_SCHEMAS)) {
            statement.setArray(1, publications(connection, table));
            try (ResultSet row = statement.executeQuery()) {
                if (row.next() && row.getBoolean(1)) {
                    return "one of its publications has schemas, too (FOR TABLES IN SCHEMA), and then permits no list of columns. Publish"
                            + " the table by another publication.";
                }
            }
        }
        return is(connection, HAS_CHILDREN, table)
                ? "other tables inherit from it, and are published with it. Publish them by their names first."
                : null;
    }

    private static boolean is(Connection connection, String query, Relation table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setLong(1, Integer.toUnsignedLong(table.oid()));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static Array publications(Connection connection, Relation table) throws SQLException {
        return connection.createArrayOf(
                "name",
                table.publications().stream().map(Membership::publication).toArray());
    }

    /** Returns the row filters of the table's publications that have it by its name; an empty text: none. */
    private static Map<String, String> listed(Connection connection, Relation table) throws SQLException {
        Map<String, String> filters = new TreeMap<>();
        boolean filtered = connection.getMetaData().getDatabaseMajorVersion() >= COLUMN_LISTS_SINCE;
        String query = filtered ? LISTED : LISTED.replace("pg_catalog.pg_get_expr(r.prqual, r.prrelid)", "NULL");
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setLong(1, Integer.toUnsignedLong(table.oid()));
            Object[] names =
                    table.publications().stream().map(Membership::publication).toArray();
            statement.setArray(2, connection.createArrayOf("name", names));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String filter = rows.getString("filter");
                    filters.put(rows.getString("pubname"), filter == null ? "" : filter);
                }
            }
        }
        return filters;
    }

    private static String kept(Relation table, List<String> columns) {
        return table.columns().stream()
                .map(Column::name)
                .filter(column -> !columns.contains(column))
                .map(Quoted::identifier)
                .collect(Collectors.joining(", "));
    }

    private static String statements(Map<String, String> publications, UnaryOperator<String> ofPublication) {
        return publications.keySet().stream().map(ofPublication).collect(Collectors.joining("", "BEGIN;\n", "COMMIT;"));
    }

    private static String drop(String publication, String table) {
        return "ALTER PUBLICATION " + Quoted.identifier(publication) + " DROP TABLE " + table + ";\n";
    }

    private static String add(String publication, String table, String columns, @Nullable String filter) {
        return "ALTER PUBLICATION " + Quoted.identifier(publication) + " ADD TABLE " + table + " (" + columns + ")"
                + (filter == null || filter.isEmpty() ? "" : " WHERE (" + filter + ")") + ";\n";
    }
}
