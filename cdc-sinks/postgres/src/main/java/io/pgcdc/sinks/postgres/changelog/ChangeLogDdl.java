package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import java.sql.Connection;
import java.sql.SQLException;

/** Creates the table, its default partition, and the functions for consumers of its rows, if they do not exist. */
final class ChangeLogDdl {

    private final TableName table;

    ChangeLogDdl(TableName table) {
        this.table = table;
    }

    /** Returns the name of the default partition, which takes the rows that fit in no other partition. */
    static TableName defaultPartition(TableName table) {
        return new TableName(table.schema(), table.name() + "_default");
    }

    void createTable(Connection connection) throws SQLException {
        Ddl.createSchema(connection, table.schema());
        Ddl.createTable(connection, table, tableSql());
    }

    void createFunctions(Connection connection) throws SQLException {
        Ddl.createFunction(connection, name("claim_") + "(integer, text)", claimSql());
        Ddl.createFunction(connection, name("mark_") + "(bigint[], timestamptz)", markSql());
    }

    private String name(String prefix) {
        return new TableName(table.schema(), prefix + table.name()).sql();
    }

    /** Returns the SQL of the table. Its first columns are those of an audit table that triggers fill, its last ones the change's place. */
    private String tableSql() {
        String name = table.name();
        return """
                CREATE TABLE %1$s (
                    change_id BIGSERIAL,
                    table_name TEXT NOT NULL,
                    record_id TEXT,
                    change_type VARCHAR(20) NOT NULL
                        CHECK (change_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'READ', 'MESSAGE')),
                    old_data JSONB,
                    new_data JSONB,
                    changed_fields TEXT[],
                    changed_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
                    processed BOOLEAN NOT NULL DEFAULT FALSE,
                    processed_at TIMESTAMPTZ,
                    source_id INTEGER,
                    epoch INTEGER,
                    commit_lsn PG_LSN,
                    ordinal BIGINT,
                    xid BIGINT,
                    PRIMARY KEY (change_id, changed_at),
                    CONSTRAINT %2$s UNIQUE (changed_at, commit_lsn, ordinal, source_id, epoch)
                ) PARTITION BY RANGE (changed_at);
                CREATE INDEX %3$s ON %1$s (table_name, changed_at DESC);
                CREATE INDEX %4$s ON %1$s (changed_at) WHERE processed = FALSE;
                CREATE TABLE %5$s PARTITION OF %1$s DEFAULT;
                """.formatted(
                        table.sql(),
                        Quoted.identifier(name + "_position"),
                        Quoted.identifier("idx_" + name + "_table"),
                        Quoted.identifier("idx_" + name + "_unprocessed"),
                        defaultPartition(table).sql());
    }

    private String claimSql() {
        return """
                CREATE FUNCTION %1$s(p_limit integer, p_table_name text DEFAULT NULL) RETURNS SETOF %2$s
                LANGUAGE sql AS $$
                    SELECT * FROM %2$s
                    WHERE processed = FALSE AND (p_table_name IS NULL OR table_name = p_table_name)
                    ORDER BY changed_at, change_id LIMIT p_limit FOR UPDATE SKIP LOCKED
                $$;
                COMMENT ON FUNCTION %1$s(integer, text) IS
                    'The oldest unprocessed rows that nobody else has claimed; they are claimed until the transaction ends.';
                """.formatted(name("claim_"), table.sql());
    }

    private String markSql() {
        return """
                CREATE FUNCTION %1$s(p_change_ids bigint[], p_from timestamptz DEFAULT '-infinity') RETURNS bigint
                LANGUAGE sql AS $$
                    WITH marked AS (
                        UPDATE %2$s SET processed = TRUE, processed_at = clock_timestamp()
                        WHERE change_id = ANY (p_change_ids) AND changed_at >= p_from AND processed = FALSE
                        RETURNING 1)
                    SELECT count(*) FROM marked
                $$;
                COMMENT ON FUNCTION %1$s(bigint[], timestamptz) IS
                    'Marks rows as processed and says how many; p_from, the oldest changed_at among them, spares older partitions.';
                """.formatted(name("mark_"), table.sql());
    }
}
