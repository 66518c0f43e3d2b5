package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Orders tables so that a referenced table comes before the tables that reference it. All other tables are ordered by name, so
 * every sink has the same order. For one thread.
 */
final class ForeignKeys {

    /** The tables that each table references. Read once from the catalog. */
    private final Map<TableName, Set<TableName>> pointsAt = new HashMap<>();

    /** Forgets the foreign keys, so that they are read again. */
    void forget() {
        pointsAt.clear();
    }

    /** Returns the tables in order. In a cycle of references, the table with the smallest name comes first. */
    List<TableName> order(Connection connection, Collection<TableName> tables) throws SQLException {
        for (TableName table : tables) {
            if (!pointsAt.containsKey(table)) {
                pointsAt.put(table, pointsAt(connection, table));
            }
        }
        Set<TableName> left = new TreeSet<>(Comparator.comparing(TableName::sql));
        left.addAll(tables);
        List<TableName> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            TableName next = left.stream()
                    .filter(table -> pointsAt.getOrDefault(table, Set.of()).stream()
                            .noneMatch(other -> !other.equals(table) && left.contains(other)))
                    .findFirst()
                    .orElseGet(() -> left.iterator().next()); // the references form a cycle
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    private static Set<TableName> pointsAt(Connection connection, TableName table) throws SQLException {
        String sql = """
                SELECT n.nspname, c.relname FROM pg_constraint f
                JOIN pg_class c ON c.oid = f.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE f.contype = 'f' AND f.conrelid = to_regclass(?)""";
        Set<TableName> others = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.sql());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    others.add(new TableName(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return others;
    }
}
