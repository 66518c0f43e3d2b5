-- The reporting database. Run it as reporting. cdc writes all of it.

-- 4.1 what the events of an order come to
CREATE SCHEMA eventual_consistency;

CREATE TABLE eventual_consistency.read_models (
    model_id           BIGSERIAL PRIMARY KEY,
    aggregate_id       VARCHAR(200) NOT NULL,
    aggregate_type     VARCHAR(100) NOT NULL,
    model_data         JSONB NOT NULL,
    last_event_version INTEGER NOT NULL,
    updated_at         TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (aggregate_id, aggregate_type)
);

-- 4.2 what the commands for an order come to
CREATE SCHEMA cqrs_pattern;

CREATE TABLE cqrs_pattern.commands (
    command_id    BIGINT PRIMARY KEY,
    command_type  VARCHAR(100) NOT NULL,
    aggregate_id  VARCHAR(200) NOT NULL,
    status        VARCHAR(20) NOT NULL,
    error_message TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    processed_at  TIMESTAMPTZ
);

CREATE TABLE cqrs_pattern.query_models (
    model_id        BIGSERIAL PRIMARY KEY,
    aggregate_id    VARCHAR(200) NOT NULL UNIQUE,
    model_type      VARCHAR(100) NOT NULL,
    model_data      JSONB NOT NULL,
    last_command_id BIGINT REFERENCES cqrs_pattern.commands (command_id),
    updated_at      TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- 5.2 every change of every table of both services: cdc makes the table and a partition for each day
CREATE SCHEMA cdc_pattern AUTHORIZATION cdc_to_reports;

-- 6.1 the events of both services in one place
CREATE SCHEMA event_sync;

CREATE TABLE event_sync.history (
    service     TEXT NOT NULL,
    event_id    BIGINT NOT NULL,
    subject     BIGINT NOT NULL,
    event_type  VARCHAR(50) NOT NULL,
    event_data  JSONB NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (service, event_id)
);

GRANT USAGE ON SCHEMA eventual_consistency, cqrs_pattern, event_sync TO cdc_to_reports;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA eventual_consistency, cqrs_pattern, event_sync
    TO cdc_to_reports;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA eventual_consistency, cqrs_pattern TO cdc_to_reports;
