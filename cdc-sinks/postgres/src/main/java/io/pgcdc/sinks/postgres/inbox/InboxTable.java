package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Creates and checks the inbox table. */
final class InboxTable {

    /** The columns that the sink needs, and their types when it makes them. */
    private static final Map<String, String> COLUMNS = columns();

    private static final String EVENT_DATA = "event_data";

    /** The column that the sink writes if the table has it. */
    private static final String OCCURRED_AT = "occurred_at";

    private static final String OCCURRED_AT_TYPE = "timestamp with time zone";

    private final TableName table;

    /** One column of the table. */
    private record Column(boolean mayBeNull, String type, boolean computed) {}

    InboxTable(TableName table) {
        this.table = table;
    }

    private static Map<String, String> columns() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("event_type", "TEXT");
        types.put("aggregate_id", "TEXT");
        types.put(EVENT_DATA, "JSONB");
        types.put("source_service", "TEXT");
        types.put("source_event_id", "TEXT");
        return types;
    }

    void create(Connection connection) throws SQLException {
        Ddl.createSchema(connection, table.schema());
        Ddl.createTable(
                connection, table, """
                CREATE TABLE %1$s (
                    event_id BIGSERIAL PRIMARY KEY,
                    event_type TEXT NOT NULL,
                    aggregate_id TEXT NOT NULL,
                    event_data JSONB NOT NULL,
                    source_service TEXT NOT NULL,
                    source_event_id TEXT NOT NULL,
                    occurred_at TIMESTAMPTZ,
                    status VARCHAR(20) NOT NULL DEFAULT 'pending'
                        CHECK (status IN ('pending', 'processed', 'failed')),
                    processed_at TIMESTAMPTZ,
                    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
                    UNIQUE (source_service, source_event_id)
                );
                CREATE INDEX %2$s ON %1$s (status, created_at) WHERE status = 'pending';
                """.formatted(table.sql(), Quoted.identifier("idx_" + table.name() + "_status")));
    }

    /**
     * Checks that the table exists, with the columns and the unique constraint that the sink needs.
     *
     * @throws SinkException TARGET_MISSING, TARGET_MISFIT
     */
    InboxShape check(Connection connection) throws SQLException {
        if (!Ddl.exists(connection, table)) {
            throw new SinkException(
                    ErrorCode.TARGET_MISSING,
                    "table " + table + " does not exist in the target. Create it, or write create: true.");
        }
        Map<String, Column> found = read(connection);
        List<String> missing =
                COLUMNS.keySet().stream().filter(c -> !found.containsKey(c)).toList();
        boolean unique = isUnique(connection);
        if (!missing.isEmpty() || !unique) {
            throw misfit(connection, missing, unique);
        }
        Column data = found.get(EVENT_DATA);
        Column time = found.get(OCCURRED_AT);
        return new InboxShape(
                data != null && data.mayBeNull(),
                time != null && !time.computed() && time.type().equals(OCCURRED_AT_TYPE));
    }

    private Map<String, Column> read(Connection connection) throws SQLException {
        Map<String, Column> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT a.attname, NOT (a.attnotnull OR t.typnotnull), format_type(a.atttypid, -1),"
                        + " a.attgenerated <> '' OR a.attidentity <> ''"
                        + " FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
                        + " WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped")) {
            statement.setString(1, table.sql());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.put(row.getString(1), new Column(row.getBoolean(2), row.getString(3), row.getBoolean(4)));
                }
            }
        }
        return found;
    }

    private boolean isUnique(Connection connection) throws SQLException {
        return Ddl.isTrue(connection, """
                SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = to_regclass(?) AND i.indisunique AND i.indpred IS NULL
                    AND i.indnkeyatts = 2 AND i.indimmediate AND (SELECT array_agg(attname::text ORDER BY attname) FROM pg_attribute a
                        WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:1])) = ARRAY['source_event_id', 'source_service'])""", table.sql());
    }

    private SinkException misfit(Connection connection, List<String> missing, boolean unique) throws SQLException {
        boolean empty = Ddl.isTrue(connection, "SELECT has_table_privilege(?, 'SELECT')", table.sql())
                && Ddl.isTrue(connection, "SELECT NOT EXISTS (SELECT FROM " + table.sql() + ")");
        List<String> lacks = new ArrayList<>();
        List<String> add = new ArrayList<>();
        for (String column : missing) {
            lacks.add("no column " + column);
            // rows that are there have no values for it
            add.add("ADD COLUMN " + column + " " + COLUMNS.get(column) + (empty ? " NOT NULL" : ""));
        }
        if (!unique) {
            lacks.add("no unique constraint on (source_service, source_event_id), which identifies an event");
            add.add("ADD UNIQUE (source_service, source_event_id)");
        }
        return new SinkException(
                ErrorCode.TARGET_MISFIT,
                "table " + table + " of the target has " + String.join(", ", lacks) + ". Run there: " + alter(add)
                        + " Then start again.");
    }

    /** Returns the SQL that adds the column for the events' time. */
    String addTime() {
        return alter(List.of("ADD COLUMN " + OCCURRED_AT + " TIMESTAMPTZ"));
    }

    private String alter(List<String> actions) {
        return "ALTER TABLE " + table.sql() + " " + String.join(", ", actions) + ";";
    }
}
