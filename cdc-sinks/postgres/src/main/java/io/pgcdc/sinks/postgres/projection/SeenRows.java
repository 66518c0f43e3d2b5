package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles target tables with a snapshot: keeps the keys of the rows that came, in a table of the target, and deletes the other rows at the end.
 * All in the transaction of the rows.
 *
 * <p>Gives a table up if it cannot tell which rows exist: drops the table of keys, so the end of the snapshot deletes nothing. For one thread.
 */
final class SeenRows {

    private static final Logger LOG = LoggerFactory.getLogger(SeenRows.class);

    /** Compares names and types of a table of keys with those of the key's columns in the target table, in their order. */
    private static final String FITS = """
            SELECT (SELECT array_agg(ROW(attname, atttypid, atttypmod, attcollation)::text ORDER BY attnum)
                FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped)
            IS NOT DISTINCT FROM (SELECT array_agg(ROW(attname, atttypid, atttypmod, attcollation)::text ORDER BY k.place)
                FROM unnest(?::text[]) WITH ORDINALITY AS k (name, place)
                JOIN pg_catalog.pg_attribute ON attname = k.name
                WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped)""";

    private final String sink;
    private final TableName positions;
    private int sinkId;

    /** The tables that are being reconciled, by {@link TablePlan#id()}; null: the target knows. */
    private @Nullable Set<String> open;

    /**
     * Tables that were given up since the last commit. After a rollback the beginning comes again, but the reason may not: a refused change is put
     * aside only once.
     */
    private final Map<String, GivenUp> givenUp = new HashMap<>();

    /** The position that is about to be committed; null: none. */
    private @Nullable Position committing;

    /** @param at the change that is the reason; what began before it does not count */
    private record GivenUp(String table, Position at, String why) {}

    /** @param positions the table of positions; the tables of keys are in the same schema */
    SeenRows(String sink, TableName positions) {
        this.sink = sink;
        this.positions = positions;
    }

    /** Starts to use a new connection. */
    void connected(Connection connection, int id) throws SQLException {
        sinkId = id;
        open = null;
        for (String given : givenUp.keySet()) {
            drop(connection, given);
        }
    }

    /** Handles a rollback. */
    void discard() {
        open = null;
        committing = null;
    }

    void beforeCommit(Position last) {
        committing = last;
    }

    /**
     * Handles the commit after {@link #beforeCommit}, if there was one. Warns of the tables that were given up. Not earlier: without dead letters, a
     * refused change stops the sink, and nothing is given up.
     */
    void settled() {
        Position last = committing;
        committing = null;
        if (last == null) {
            return;
        }
        givenUp.values().removeIf(one -> {
            boolean done = one.at().compareTo(last) <= 0;
            if (done) {
                LOG.warn(
                        "sink {}: no row of {} is deleted, though a snapshot reconciles it: {} (change {}). Remove the cause, then order the snapshot"
                                + " again: cdc snapshot -c cdc.yaml --table {} --to {} --reconcile",
                        sink,
                        one.table(),
                        one.why(),
                        one.at(),
                        one.table(),
                        sink);
            }
            return done;
        });
    }

    private String prefix() {
        return OwnTables.seenPrefix(positions) + sinkId + "_";
    }

    private TableName keys(String id) {
        return new TableName(positions.schema(), prefix() + id);
    }

    private Set<String> open(Connection connection) throws SQLException {
        Set<String> known = open;
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
                        known.add(rows.getString(1));
                    }
                }
            }
            open = known;
        }
        return known;
    }

    private void drop(Connection connection, String id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + keys(id).sql());
        }
        if (open != null) {
            open.remove(id);
        }
    }

    /**
     * Gives a table up, if it is being reconciled.
     *
     * @param id {@link TablePlan#id()}
     * @param at the position of the change that is the reason
     * @param why completes "no row is deleted: …"
     * @return true if that must be committed
     */
    boolean giveUp(Connection connection, Relation relation, String id, Position at, String why) throws SQLException {
        if (open(connection).contains(id)) {
            drop(connection, id);
            givenUp.put(id, new GivenUp(relation.qualifiedName(), at, why));
        }
        return givenUp.containsKey(id);
    }

    /**
     * Gives up the table of a change that the target refused, if its row may exist at the source: the target may have an older version of it,
     * which must stay.
     *
     * @param mappings how many mappings the sink has
     * @return true if that must be committed
     */
    boolean refused(Connection connection, Change change, int mappings) throws SQLException {
        Relation relation = change.relation();
        boolean mayExist = switch (change.kind()) {
            case INSERT, UPDATE, READ, RECONCILE -> true;
            case DELETE, TRUNCATE, MESSAGE, SCHEMA -> false;
        };
        boolean gaveUp = false;
        if (mayExist && relation != null) {
            for (int i = 0; i < mappings; i++) {
                String id = TablePlan.id(relation, i);
                gaveUp |= giveUp(connection, relation, id, change.position(), "the target refused a change of it");
            }
        }
        return gaveUp;
    }

    /** Gives a table up if its key in the target is not the one whose values were kept. Call it for each new plan of a table. */
    void compare(Connection connection, TablePlan plan, Position at) throws SQLException {
        String id = plan.id();
        if (!open(connection).contains(id)) {
            return;
        }
        boolean fits;
        try (PreparedStatement statement = connection.prepareStatement(FITS)) {
            statement.setString(1, keys(id).sql());
            statement.setArray(
                    2, connection.createArrayOf("text", plan.keyNames().toArray()));
            statement.setString(3, plan.target().name().sql());
            try (ResultSet row = statement.executeQuery()) {
                fits = row.next() && row.getBoolean(1);
            }
        }
        if (!fits) {
            giveUp(
                    connection,
                    plan.relation(),
                    plan.id(),
                    at,
                    "the columns of its key in the target were altered meanwhile");
        }
    }

    /** Begins to keep keys. Forgets those of an earlier beginning. */
    void begin(Connection connection, TablePlan plan, Position at) throws SQLException {
        if (plan.key().length == 0) {
            LOG.warn(
                    "sink {}: {} has no key, so its rows cannot be reconciled",
                    sink,
                    plan.target().name());
            return;
        }
        String id = plan.id();
        GivenUp later = givenUp.get(id);
        if (later != null && later.at().compareTo(at) > 0) {
            return; // this beginning was rolled back, and comes again
        }
        TableName keys = keys(id);
        String columns = plan.keyColumns("");
        drop(connection, id);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + keys.sql() + " AS SELECT " + columns + " FROM "
                    + plan.target().name().sql() + " WITH NO DATA");
            statement.execute("ALTER TABLE " + keys.sql() + " ADD PRIMARY KEY (" + columns + ")");
        }
        open(connection).add(id);
    }

    /** Keeps the keys of rows that were written. */
    void add(Connection connection, TableStatements statements, TablePlan plan, List<Row> rows) throws SQLException {
        if (open(connection).contains(plan.id())) {
            statements.keep(
                    keys(plan.id()),
                    rows.stream().filter(row -> row.op() != RowOp.DELETE).toList());
        }
    }

    /**
     * Deletes the rows whose keys did not come since the beginning. Does nothing without a beginning.
     *
     * @param delete deletes or marks rows of t that meet a condition, and returns their number
     */
    void end(Connection connection, TablePlan plan, Sweep delete) throws SQLException {
        String id = plan.id();
        if (!open(connection).contains(id)) {
            return;
        }
        TableName keys = keys(id);
        int deleted = delete.where("NOT EXISTS (SELECT FROM " + keys.sql() + " AS s WHERE (" + plan.keyColumns("s.")
                + ") = (" + plan.keyColumns("t.") + "))" + plan.hasConstants());
        drop(connection, id);
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
