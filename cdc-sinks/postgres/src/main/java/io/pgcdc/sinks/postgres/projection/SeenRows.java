package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.projection.KeyedRows.Row;
import io.pgcdc.sinks.postgres.projection.KeyedRows.RowOp;
import io.pgcdc.sinks.postgres.transaction.OwnTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles target tables with a snapshot: keeps the keys of the rows that came, in a table of the target, and deletes the other rows at the end.
 * All in the transaction of the rows. For one thread.
 */
final class SeenRows {

    private static final Logger LOG = LoggerFactory.getLogger(SeenRows.class);

    private final String sink;
    private final TableName positions;
    private int sinkId;

    /** Oids of the source's tables that are being reconciled; null: the target knows. */
    private @Nullable Set<Integer> open;

    /** @param positions the table of positions; the tables of keys are in the same schema */
    SeenRows(String sink, TableName positions) {
        this.sink = sink;
        this.positions = positions;
    }

    /** Starts to use a new connection. */
    void connected(int id) {
        sinkId = id;
        open = null;
    }

    /** Handles a rollback. */
    void discard() {
        open = null;
    }

    private String prefix() {
        return OwnTables.seenPrefix(positions) + sinkId + "_";
    }

    private TableName keys(int oid) {
        return new TableName(positions.schema(), prefix() + Integer.toUnsignedString(oid));
    }

    private Set<Integer> open(Connection connection) throws SQLException {
        Set<Integer> known = open;
        if (known == null) {
            known = new HashSet<>();
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT substr(relname, length(?) + 1) FROM pg_catalog.pg_class"
                            + " WHERE relkind = 'r' AND relnamespace = to_regnamespace(?) AND starts_with(relname, ?)")) {
                statement.setString(1, prefix());
                statement.setString(2, Quoted.identifier(positions.schema()));
                statement.setString(3, prefix());
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        known.add(Integer.parseUnsignedInt(rows.getString(1)));
                    }
                }
            }
            open = known;
        }
        return known;
    }

    /** Begins to keep keys. Forgets those of an earlier beginning. */
    void begin(Connection connection, TablePlan plan) throws SQLException {
        if (plan.key().length == 0) {
            LOG.warn(
                    "sink {}: {} has no key, so its rows cannot be reconciled",
                    sink,
                    plan.target().name());
            return;
        }
        TableName keys = keys(plan.relation().oid());
        String columns = plan.keyColumns("");
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + keys.sql());
            statement.execute("CREATE TABLE " + keys.sql() + " AS SELECT " + columns + " FROM "
                    + plan.target().name().sql() + " WITH NO DATA");
            statement.execute("ALTER TABLE " + keys.sql() + " ADD PRIMARY KEY (" + columns + ")");
        }
        open(connection).add(plan.relation().oid());
    }

    /** Keeps the keys of rows that were written. */
    void add(Connection connection, TableStatements statements, TablePlan plan, List<Row> rows) throws SQLException {
        if (open(connection).contains(plan.relation().oid())) {
            statements.keep(
                    keys(plan.relation().oid()),
                    rows.stream().filter(row -> row.op() != RowOp.DELETE).toList());
        }
    }

    /**
     * Deletes the rows whose keys did not come since the beginning. Does nothing without a beginning.
     *
     * @param delete deletes or marks rows of t that meet a condition, and returns their number
     */
    void end(Connection connection, TablePlan plan, Sweep delete) throws SQLException {
        int oid = plan.relation().oid();
        if (!open(connection).contains(oid)) {
            return;
        }
        TableName keys = keys(oid);
        int deleted = delete.where("NOT EXISTS (SELECT FROM " + keys.sql() + " AS s WHERE (" + plan.keyColumns("s.")
                + ") = (" + plan.keyColumns("t.") + "))");
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE " + keys.sql());
        }
        open(connection).remove(oid);
        LOG.info(
                "sink {}: {} is reconciled, {} rows were deleted",
                sink,
                plan.target().name(),
                deleted);
    }

    /** Removes rows. */
    interface Sweep {
        int where(String condition) throws SQLException;
    }
}
