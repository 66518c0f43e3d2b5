package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.config.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Constraints that are checked at the end of a transaction. */
public final class DeferredConstraints {

    /** The tables with their partitions and children, which a statement on them touches too. */
    private static final String NAMES = """
            WITH RECURSIVE touched AS (
                SELECT to_regclass(t)::oid AS oid FROM unnest(?::text[]) t
                UNION SELECT i.inhrelid FROM pg_inherits i JOIN touched ON i.inhparent = touched.oid)
            SELECT string_agg(DISTINCT format('%I.%I', n.nspname, c.conname), ', ')
            FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
            WHERE c.condeferrable AND (c.conrelid IN (SELECT oid FROM touched) OR c.confrelid IN (SELECT oid FROM touched))""";

    private DeferredConstraints() {}

    /**
     * Checks now what is deferred on the tables, and defers it again. The server refuses TRUNCATE and most of ALTER TABLE while such a check
     * waits (55006). Constraints of other tables keep waiting: they may lawfully be violated until the transaction ends.
     *
     * @throws SQLException also where a row violates one of them
     */
    public static void checkOf(Connection connection, Collection<TableName> tables) throws SQLException {
        String names = names(connection, tables);
        if (names != null) {
            Ddl.execute(connection, "SET CONSTRAINTS " + names + " IMMEDIATE; SET CONSTRAINTS " + names + " DEFERRED");
        }
    }

    private static @Nullable String names(Connection connection, Collection<TableName> tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NAMES)) {
            Object[] texts = tables.stream().map(TableName::sql).toArray();
            statement.setArray(1, connection.createArrayOf("text", texts));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }
}
