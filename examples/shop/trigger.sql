-- What change_logs replaces: a trigger that writes each change within the transaction that makes it, and makes it slower. For comparison,
-- and for a table that cdc cannot read. The last argument of the trigger is the name of the key's column.
CREATE SCHEMA IF NOT EXISTS cdc_pattern;

CREATE TABLE cdc_pattern.change_logs (
    change_id      BIGSERIAL NOT NULL,
    table_name     VARCHAR(200) NOT NULL,
    record_id      VARCHAR(200) NOT NULL,
    change_type    VARCHAR(20) NOT NULL CHECK (change_type IN ('INSERT', 'UPDATE', 'DELETE')),
    old_data       JSONB,
    new_data       JSONB,
    changed_fields TEXT[],
    changed_at     TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    processed      BOOLEAN DEFAULT FALSE,
    processed_at   TIMESTAMPTZ,
    PRIMARY KEY (change_id, changed_at)  -- a partitioned table's key has the column that partitions it
) PARTITION BY RANGE (changed_at);
CREATE TABLE cdc_pattern.change_logs_all PARTITION OF cdc_pattern.change_logs DEFAULT;
CREATE INDEX idx_change_logs_table ON cdc_pattern.change_logs (table_name, changed_at DESC);
CREATE INDEX idx_change_logs_unprocessed ON cdc_pattern.change_logs (changed_at) WHERE processed = FALSE;

CREATE FUNCTION cdc_pattern.capture_table_changes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    v_old JSONB := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    v_new JSONB := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    v_changed TEXT[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(o.key ORDER BY o.key) INTO v_changed
        FROM jsonb_each(v_old) o JOIN jsonb_each(v_new) n ON n.key = o.key
        WHERE o.value IS DISTINCT FROM n.value;
    END IF;
    INSERT INTO cdc_pattern.change_logs (table_name, record_id, change_type, old_data, new_data, changed_fields)
    VALUES (TG_TABLE_NAME, coalesce(v_new, v_old) ->> TG_ARGV[0], TG_OP, v_old, v_new, v_changed);
    RETURN NULL;
END $$;
