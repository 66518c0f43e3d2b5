package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Creates and checks the inbox table. */
final class InboxTable {

    private static final List<String> COLUMNS =
            List.of("event_type", "aggregate_id", "event_data", "source_service", "source_event_id");

    private final TableName table;

    InboxTable(TableName table) {
        this.table = table;
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
    void check(Connection connection) throws SQLException {
        if (!Ddl.exists(connection, table)) {
            throw new SinkException(
                    ErrorCode.TARGET_MISSING,
                    "table " + table + " does not exist in the target. Create it, or write create: true.");
        }
        for (String column : COLUMNS) {
            if (!Ddl.isTrue(
                    connection,
                    "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = ? AND NOT attisdropped)",
                    table.sql(),
                    column)) {
                throw misfit("has no column " + column, "Add it; source_event_id as TEXT.");
            }
        }
        boolean unique = Ddl.isTrue(connection, """
                SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = to_regclass(?) AND i.indisunique AND i.indpred IS NULL
                    AND i.indnkeyatts = 2 AND i.indimmediate AND (SELECT array_agg(attname::text ORDER BY attname) FROM pg_attribute a
                        WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:1])) = ARRAY['source_event_id', 'source_service'])""", table.sql());
        if (!unique) {
            throw misfit(
                    "has no unique constraint on (source_service, source_event_id), which identifies an event",
                    "ALTER TABLE " + table.sql() + " ADD UNIQUE (source_service, source_event_id).");
        }
    }

    private SinkException misfit(String what, String remedy) {
        return new SinkException(ErrorCode.TARGET_MISFIT, "table " + table + " of the target " + what + ". " + remedy);
    }
}
