package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TruncateView;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.projection.TablePlan.Field;
import io.pgcdc.sinks.postgres.projection.TableStatements.ExtraColumns;
import io.pgcdc.sinks.postgres.transaction.DeferredConstraints;
import io.pgcdc.sinks.postgres.transaction.LongStatements;
import io.pgcdc.sinks.postgres.transaction.StoppedException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Consecutive TRUNCATEs. They run together: tables that reference each other cannot be truncated alone. For one thread. */
final class Truncation {

    private final String sink;
    private final Set<TableName> tables = new LinkedHashSet<>();
    private final List<Delete> deletes = new ArrayList<>();
    private final ForeignKeys foreignKeys = new ForeignKeys();
    private boolean restartIdentity;

    /** Position of the first TRUNCATE. */
    private @Nullable Position position;

    /** A statement that empties a table, or marks its rows, without TRUNCATE. */
    private record Delete(TableName table, String sql) {}

    Truncation(String sink) {
        this.sink = sink;
    }

    boolean isEmpty() {
        return tables.isEmpty() && deletes.isEmpty();
    }

    void clear() {
        tables.clear();
        deletes.clear();
        foreignKeys.forget();
        restartIdentity = false;
        position = null;
    }

    /**
     * Adds the TRUNCATE of a source table. It becomes an UPDATE if deletes are soft. It becomes a DELETE if the settings write
     * constants: only rows with these constants belong to the source table.
     */
    void add(TablePlan plan, ExtraColumns extra, Change change, TruncateView truncate) {
        if (position == null) {
            position = change.position();
        }
        String table = plan.target().name().sql();
        List<String> own = new ArrayList<>();
        String softly = null;
        for (Field field : plan.fields()) {
            String column = Quoted.identifier(field.column());
            if (field.kind() == null) {
                softly = column + " = " + literal(plan.deleted(field, change), field);
                own.add(column + (field.cast().equals("boolean") ? " IS NOT TRUE" : " IS NULL"));
            } else if (field.kind() == MappedColumn.Kind.CONSTANT || field.kind() == MappedColumn.Kind.TABLE) {
                own.add(column + " = " + literal(field.constantText(), field));
            }
        }
        String where = own.isEmpty() ? "" : " WHERE " + String.join(" AND ", own);
        if (softly != null) {
            deletes.add(new Delete(plan.target().name(), "UPDATE " + table + " SET " + softly + extras(extra) + where));
        } else if (!own.isEmpty()) {
            deletes.add(new Delete(plan.target().name(), "DELETE FROM " + table + where));
        } else {
            tables.add(plan.target().name());
            restartIdentity |= truncate.restartIdentity();
        }
    }

    private static String extras(ExtraColumns extra) {
        String version = extra.version();
        String synced = extra.synced();
        return (version == null
                        ? ""
                        : ", " + Quoted.identifier(version) + " = coalesce(" + Quoted.identifier(version) + ", 0) + 1")
                + (synced == null ? "" : ", " + Quoted.identifier(synced) + " = statement_timestamp()");
    }

    private static String literal(byte[] value, Field field) {
        return Quoted.literal(new String(value, StandardCharsets.UTF_8)) + "::" + field.cast();
    }

    /**
     * Runs everything that was added, and forgets it.
     *
     * @throws StoppedException TARGET_MISFIT if a row violates a deferred constraint of the tables
     */
    void send(Connection connection) throws SQLException {
        Position at = position;
        if (at == null) {
            return;
        }
        deleteReferenced(connection);
        if (!tables.isEmpty()) {
            String list = tables.stream().map(TableName::sql).collect(Collectors.joining(", "));
            String sql = "TRUNCATE " + list + (restartIdentity ? " RESTART IDENTITY" : "");
            DeferredConstraints.Violated violated = DeferredConstraints.run(connection, tables, List.of(sql));
            if (violated != null) {
                throw new StoppedException(
                        ErrorCode.TARGET_MISFIT,
                        sink,
                        at,
                        "the target cannot do " + sql + ": " + violated
                                + ". The source has no such constraint, or it is not deferred there. "
                                + Remedy.run(List.of(violated.dropSql())));
            }
        }
        runDeletes(connection);
        clear();
    }

    /** Empties tables by DELETE that the server does not truncate: a table that is not among these references them. */
    private void deleteReferenced(Connection connection) throws SQLException {
        boolean found = true;
        while (found) { // a table that is taken out may be one that references another
            found = false;
            for (TableName table : List.copyOf(tables)) {
                if (isReferenced(connection, table)) {
                    tables.remove(table);
                    deletes.add(new Delete(table, "DELETE FROM " + table.sql()));
                    found = true;
                }
            }
        }
    }

    private boolean isReferenced(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = to_regclass(?)"
                        + " AND conrelid <> ALL (SELECT to_regclass(t)::oid FROM unnest(?::text[]) t))")) {
            query.setString(1, table.sql());
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text", tables.stream().map(TableName::sql).toArray()));
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Runs the statements of tables that reference others first. */
    private void runDeletes(Connection connection) throws SQLException {
        List<TableName> order = foreignKeys.order(
                connection, deletes.stream().map(Delete::table).distinct().toList());
        deletes.sort(Comparator.comparing(delete -> -order.indexOf(delete.table())));
        for (Delete delete : deletes) {
            LongStatements.execute(connection, delete.sql());
        }
    }
}
