-- Events of a service and to a service. The same in the database of each service. Run it as the service's role.
CREATE SCHEMA event_driven;

CREATE TABLE event_driven.event_outbox (
    event_id     BIGSERIAL PRIMARY KEY,
    event_type   VARCHAR(100) NOT NULL,
    aggregate_id VARCHAR(200) NOT NULL,
    event_data   JSONB NOT NULL,
    status       VARCHAR(20) NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'published', 'failed')),
    retry_count  INTEGER DEFAULT 0,
    published_at TIMESTAMPTZ,
    created_at   TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_event_outbox_status ON event_driven.event_outbox (status, created_at) WHERE status = 'pending';

-- source_event_id: the event's own id. event_id cannot have it, because the ids of two services may be equal.
-- occurred_at: the event's own time. created_at is when it arrived: the time of the statement, for the transaction of the sink may have begun
-- before the event.
CREATE TABLE event_driven.event_inbox (
    event_id        BIGSERIAL PRIMARY KEY,
    event_type      VARCHAR(100) NOT NULL,
    aggregate_id    VARCHAR(200) NOT NULL,
    event_data      JSONB NOT NULL,
    source_service  VARCHAR(100) NOT NULL,
    source_event_id TEXT NOT NULL,
    status          VARCHAR(20) NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'processed', 'failed')),
    processed_at    TIMESTAMPTZ,
    occurred_at     TIMESTAMPTZ,
    created_at      TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
    UNIQUE (source_service, source_event_id)
);
CREATE INDEX idx_event_inbox_status ON event_driven.event_inbox (status, created_at) WHERE status = 'pending';

-- Publishes an event, in the transaction of what happened.
CREATE FUNCTION event_driven.publish_event(p_event_type VARCHAR, p_aggregate_id VARCHAR, p_event_data JSONB)
RETURNS BIGINT LANGUAGE sql AS $$
    INSERT INTO event_driven.event_outbox (event_type, aggregate_id, event_data)
    VALUES (p_event_type, p_aggregate_id, p_event_data)
    RETURNING event_id
$$;

-- For a service that polls its outbox itself: takes up to 100 events and marks just these. cdc does not need it.
CREATE FUNCTION event_driven.process_pending_events()
RETURNS TABLE (event_id BIGINT, event_type VARCHAR, event_data JSONB) LANGUAGE sql AS $$
    WITH taken AS (
        SELECT o.event_id FROM event_driven.event_outbox o
        WHERE o.status = 'pending' ORDER BY o.created_at, o.event_id LIMIT 100
        FOR UPDATE SKIP LOCKED
    ), marked AS (
        UPDATE event_driven.event_outbox o SET status = 'published', published_at = CURRENT_TIMESTAMP
        FROM taken t WHERE o.event_id = t.event_id
        RETURNING o.event_id, o.event_type, o.event_data
    )
    SELECT m.event_id, m.event_type, m.event_data FROM marked m ORDER BY m.event_id
$$;

-- Wakes the service when there is work.
CREATE FUNCTION event_driven.wake() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY work;
    RETURN NULL;
END $$;
CREATE TRIGGER wake AFTER INSERT ON event_driven.event_inbox FOR EACH STATEMENT EXECUTE FUNCTION event_driven.wake();
