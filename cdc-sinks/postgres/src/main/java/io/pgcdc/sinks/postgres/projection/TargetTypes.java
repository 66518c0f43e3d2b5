package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.PgType.Attribute;
import io.pgcdc.model.Relation;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the target's types for columns of the source, and creates missing ones. The stream gives a type's name without its schema. For
 * one thread.
 */
final class TargetTypes {

    /** A type with this oid or a higher one is not built in. */
    private static final int FIRST_NORMAL_OID = 16_384;

    /**
     * Types of that name, the best first: an enum with all labels of the source, one in the table's schema, one in the search_path. The
     * second column is true if that order tells it from the next one.
     */
    private static final String NAMED = """
            WITH found AS (
                SELECT format('%I.%I', n.nspname, t.typname) AS name,
                    NOT EXISTS (SELECT FROM unnest(?::text[]) l WHERE t.typtype = 'e'
                        AND NOT EXISTS (SELECT FROM pg_enum e WHERE e.enumtypid = t.oid AND e.enumlabel = l)) AS fits,
                    n.nspname = ? AS near, pg_type_is_visible(t.oid) AS visible
                FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                WHERE t.typname = ? AND t.oid >= 16384 AND t.typisdefined)
            SELECT name, (fits, near, visible) IS DISTINCT FROM lead((fits, near, visible)) OVER ranked
            FROM found WINDOW ranked AS (ORDER BY fits DESC, near DESC, visible DESC) ORDER BY fits DESC, near DESC, visible DESC""";

    private final Connection connection;
    private final String schema;
    private final boolean create;

    /**
     * Finds types for a table.
     *
     * @param schema the schema of the target's table, in which missing types are created
     * @param create true if missing types are created
     */
    TargetTypes(Connection connection, String schema, boolean create) {
        this.connection = connection;
        this.schema = schema;
        this.create = create;
    }

    /**
     * Returns the name of the column's type in the target, with its length.
     *
     * @throws SinkException TARGET_MISSING if the target lacks the type and it cannot be created, or if several have that name
     */
    String type(Relation relation, Column column) throws SQLException {
        return name(column.type(), column.typmod(), column.name() + " of " + relation.qualifiedName());
    }

    private String name(PgType type, int typmod, String column) throws SQLException {
        if (Integer.compareUnsigned(type.oid(), FIRST_NORMAL_OID) < 0) {
            String builtIn = builtIn(type, typmod);
            if (builtIn.isEmpty()) {
                throw missing(type, column); // the target is an older version
            }
            return builtIn;
        }
        PgType element = type.element();
        if (type.kind() == PgType.Kind.ARRAY && element != null) {
            return name(element, typmod, column) + "[]";
        }
        String found = find(type, column);
        if (found != null) {
            return withLength(found, typmod);
        }
        String sql = create ? createSql(type, column) : null;
        if (sql == null) {
            throw missing(type, column);
        }
        Ddl.createSchema(connection, schema);
        Ddl.createType(connection, schema, type.name(), sql);
        return Objects.requireNonNull(find(type, column));
    }

    private static String quoted(String schema, String name) {
        return Quoted.identifier(schema) + "." + Quoted.identifier(name);
    }

    /** Returns its name; empty: the target does not have it. */
    private String builtIn(PgType type, int typmod) throws SQLException {
        return ask(
                "SELECT coalesce((SELECT format_type(oid, ?::int) FROM pg_type WHERE oid = ?::oid), '')",
                String.valueOf(typmod),
                Integer.toUnsignedString(type.oid()));
    }

    /** Returns a type of an extension with its length, such as {@code geometry(Point,4326)}. */
    private String withLength(String found, int typmod) throws SQLException {
        return typmod == -1 ? found : ask("SELECT format_type(?::regtype, ?::int)", found, String.valueOf(typmod));
    }

    private String ask(String sql, String first, String second) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, first);
            statement.setString(2, second);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private @Nullable String find(PgType type, String column) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NAMED)) {
            Object[] labels = type.kind() == PgType.Kind.ENUM
                    ? type.attributes().stream().map(Attribute::name).toArray()
                    : new Object[0];
            statement.setArray(1, connection.createArrayOf("text", labels));
            statement.setString(2, schema);
            statement.setString(3, type.name());
            try (ResultSet row = statement.executeQuery()) {
                List<String> names = new ArrayList<>();
                boolean distinct = false;
                while (row.next()) {
                    distinct |= names.isEmpty() && row.getBoolean(2);
                    names.add(row.getString(1));
                }
                if (names.size() > 1 && !distinct) {
                    throw new SinkException(
                            ErrorCode.TARGET_MISSING,
                            "the target has several types for column " + column + ": " + String.join(", ", names)
                                    + ". Create the table there by hand, with the right one.");
                }
                return names.isEmpty() ? null : names.get(0);
            }
        }
    }

    /** Returns the statement that creates the type like the source's, or null if its definition is not known. */
    private @Nullable String createSql(PgType type, String column) throws SQLException {
        String name = quoted(schema, type.name());
        PgType element = type.element();
        if (type.extension() != null) {
            return null;
        }
        return switch (type.kind()) {
            case ENUM ->
                type.attributes().isEmpty()
                        ? null
                        : "CREATE TYPE " + name + " AS ENUM "
                                + type.attributes().stream()
                                        .map(label -> Quoted.literal(label.name()))
                                        .collect(Collectors.joining(", ", "(", ")"));
            case DOMAIN -> element == null ? null : "CREATE DOMAIN " + name + " AS " + name(element, -1, column);
            case COMPOSITE -> {
                List<String> attributes = new ArrayList<>();
                for (Attribute attribute : type.attributes()) {
                    attributes.add(Quoted.identifier(attribute.name()) + " " + name(attribute.type(), -1, column));
                }
                yield "CREATE TYPE " + name + " AS (" + String.join(", ", attributes) + ")";
            }
            case RANGE ->
                element == null
                        ? null
                        : "CREATE TYPE " + name + " AS RANGE (subtype = " + name(element, -1, column) + ")";
            case BASE, ARRAY, MULTIRANGE, UNRESOLVED -> null;
        };
    }

    private static SinkException missing(PgType type, String column) {
        String extension = type.extension();
        return new SinkException(
                ErrorCode.TARGET_MISSING,
                "the target has no type " + type.name() + " for column " + column + ". "
                        + (extension == null
                                ? "Create the type there, or the table, by hand."
                                : "In the target: CREATE EXTENSION " + Quoted.identifier(extension) + ";"));
    }
}
