package io.pgcdc.sinks.postgres;

/** A change_logs table that somebody made, and not the sink. */
final class HandMadeTable {

    /** As the patterns print it, with a primary key that PostgreSQL accepts; without partitions. */
    static final String CHANGE_LOGS = """
            CREATE SCHEMA cdc_pattern;
            CREATE TABLE cdc_pattern.change_logs (
                change_id BIGSERIAL, table_name VARCHAR(200) NOT NULL, record_id VARCHAR(200) NOT NULL,
                change_type VARCHAR(20) NOT NULL CHECK (change_type IN ('INSERT', 'UPDATE', 'DELETE')),
                old_data JSONB, new_data JSONB, changed_fields TEXT[],
                changed_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
                processed BOOLEAN DEFAULT FALSE, processed_at TIMESTAMPTZ,
                PRIMARY KEY (change_id, changed_at)) PARTITION BY RANGE (changed_at);
            """;

    private HandMadeTable() {}
}
