package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.config.TableName;
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

/** Orders tables so that one comes before those that point at it; by name where nothing else decides, the same for every sink. */
final class ForeignKeys {

    private ForeignKeys() {}

    static List<TableName> order(Connection connection, Collection<TableName> tables) throws SQLException {
        List<TableName> left = new ArrayList<>(tables);
        left.sort(Comparator.comparing(TableName::sql));
        Map<TableName, Set<TableName>> pointsAt = new HashMap<>();
        for (TableName table : left) {
            pointsAt.put(table, pointsAt(connection, table));
        }
        List<TableName> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            TableName next = left.stream()
                    .filter(table -> left.stream()
                            .noneMatch(other -> !other.equals(table)
                                    && pointsAt.getOrDefault(table, Set.of()).contains(other)))
                    .findFirst()
                    .orElse(left.get(0)); // they point at each other in a circle
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
