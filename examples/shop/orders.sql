-- The order service. Run it in database orders, as order_service, after messaging.sql.

-- 6.1 orders, and what happened to them
CREATE SCHEMA order_service;

CREATE TABLE order_service.orders (
    order_id     BIGSERIAL PRIMARY KEY,
    user_id      BIGINT NOT NULL,  -- a user of the user service; no foreign key
    order_number VARCHAR(50) NOT NULL UNIQUE,
    order_status VARCHAR(20) NOT NULL,
    total_amount DECIMAL(10,2) NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE order_service.order_events (
    event_id    BIGSERIAL PRIMARY KEY,
    order_id    BIGINT NOT NULL,
    event_type  VARCHAR(50) NOT NULL,
    event_data  JSONB NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE order_service.stock (
    item   TEXT PRIMARY KEY,
    pieces INTEGER NOT NULL CHECK (pieces >= 0)
);

CREATE TABLE order_service.gift_cards (
    card_id BIGSERIAL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    amount  NUMERIC(12,2) NOT NULL
);

-- The order service's copy of the users. cdc keeps it.
CREATE SCHEMA event_sync;

CREATE TABLE event_sync.user_snapshots (
    user_id        BIGINT PRIMARY KEY,
    username       VARCHAR(50) NOT NULL,
    email          VARCHAR(100) NOT NULL,
    last_synced_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version        INTEGER NOT NULL DEFAULT 1
);

-- What cdc does for a row of user_service.users, for those who copy by hand.
CREATE FUNCTION event_sync.sync_user_to_order_service(p_user_id BIGINT, p_username VARCHAR, p_email VARCHAR)
RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO event_sync.user_snapshots (user_id, username, email)
    VALUES (p_user_id, p_username, p_email)
    ON CONFLICT (user_id) DO UPDATE SET
        username = EXCLUDED.username,
        email = EXCLUDED.email,
        last_synced_at = CURRENT_TIMESTAMP,
        version = user_snapshots.version + 1
$$;

-- 4.1 event sourcing
CREATE SCHEMA eventual_consistency;

CREATE TABLE eventual_consistency.events (
    event_id       BIGSERIAL PRIMARY KEY,
    event_type     VARCHAR(100) NOT NULL,
    aggregate_id   VARCHAR(200) NOT NULL,
    aggregate_type VARCHAR(100) NOT NULL,
    event_data     JSONB NOT NULL,
    event_version  INTEGER NOT NULL,
    occurred_at    TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (aggregate_id, aggregate_type, event_version)
);

-- Appends an event. One aggregate's events are written one after the other, so that the versions have no gap. The read model is in
-- another database: cdc writes it.
CREATE FUNCTION eventual_consistency.process_event(
    p_event_type VARCHAR, p_aggregate_id VARCHAR, p_aggregate_type VARCHAR, p_event_data JSONB)
RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    v_version INTEGER;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(p_aggregate_type || ' ' || p_aggregate_id));
    SELECT coalesce(max(event_version), 0) + 1 INTO v_version FROM eventual_consistency.events
    WHERE aggregate_id = p_aggregate_id AND aggregate_type = p_aggregate_type;
    INSERT INTO eventual_consistency.events (event_type, aggregate_id, aggregate_type, event_data, event_version)
    VALUES (p_event_type, p_aggregate_id, p_aggregate_type, p_event_data, v_version);
    RETURN v_version;
END $$;

-- 4.2 CQRS: customers write commands
CREATE SCHEMA cqrs_pattern;

CREATE TABLE cqrs_pattern.commands (
    command_id    BIGSERIAL PRIMARY KEY,
    command_type  VARCHAR(100) NOT NULL,
    aggregate_id  VARCHAR(200) NOT NULL,
    command_data  JSONB NOT NULL,
    status        VARCHAR(20) NOT NULL CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    error_message TEXT,
    created_at    TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    processed_at  TIMESTAMPTZ
);
CREATE INDEX idx_commands_status ON cqrs_pattern.commands (status, created_at DESC) WHERE status IN ('pending', 'processing');
CREATE TRIGGER wake AFTER INSERT ON cqrs_pattern.commands FOR EACH STATEMENT EXECUTE FUNCTION event_driven.wake();

-- 3.1 sagas
CREATE SCHEMA saga_pattern;

CREATE TABLE saga_pattern.saga_instances (
    saga_id       UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    saga_type     VARCHAR(100) NOT NULL,
    status        VARCHAR(20) NOT NULL CHECK (status IN ('pending', 'executing', 'completed', 'compensating', 'failed')),
    current_step  INTEGER DEFAULT 0,
    total_steps   INTEGER NOT NULL,
    payload       JSONB NOT NULL,
    result        JSONB,
    error_message TEXT,
    created_at    TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at    TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE saga_pattern.saga_steps (
    step_id          BIGSERIAL PRIMARY KEY,
    saga_id          UUID NOT NULL REFERENCES saga_pattern.saga_instances (saga_id) ON DELETE CASCADE,
    step_order       INTEGER NOT NULL,
    step_name        VARCHAR(100) NOT NULL,
    service_name     VARCHAR(100) NOT NULL,
    action_type      VARCHAR(20) NOT NULL CHECK (action_type IN ('action', 'compensation')),
    status           VARCHAR(20) NOT NULL CHECK (status IN ('pending', 'executing', 'completed', 'failed', 'compensated')),
    request_payload  JSONB,
    response_payload JSONB,
    error_message    TEXT,
    executed_at      TIMESTAMPTZ,
    completed_at     TIMESTAMPTZ,
    UNIQUE (saga_id, step_order, action_type)
);

-- The steps of each type of saga, and what undoes each.
CREATE TABLE saga_pattern.step_types (
    saga_type    VARCHAR(100) NOT NULL,
    step_order   INTEGER NOT NULL,
    service_name VARCHAR(100) NOT NULL,
    action       VARCHAR(100) NOT NULL,
    compensation VARCHAR(100) NOT NULL,
    PRIMARY KEY (saga_type, step_order)
);
INSERT INTO saga_pattern.step_types VALUES
    ('place_order', 1, 'user_service', 'reserve_credit', 'release_credit'),
    ('place_order', 2, 'order_service', 'confirm_order', 'reject_order'),
    ('place_order', 3, 'order_service', 'ship_order', 'return_order');

-- the whole old row is sent: the sinks see which rows have become 'executing'
ALTER TABLE saga_pattern.saga_steps REPLICA IDENTITY FULL;
ALTER TABLE order_service.orders REPLICA IDENTITY FULL;
-- … and which command has become 'completed'
ALTER TABLE cqrs_pattern.commands REPLICA IDENTITY FULL;

-- Begins a step: its row in status 'executing' is the event that a service waits for.
CREATE FUNCTION saga_pattern.execute_saga_step(
    p_saga_id UUID, p_step_order INTEGER, p_service_name VARCHAR, p_action_payload JSONB)
RETURNS JSONB LANGUAGE plpgsql AS $$
DECLARE
    v_name VARCHAR;
    v_request JSONB := p_action_payload || jsonb_build_object('step_order', p_step_order, 'action_type', 'action');
BEGIN
    SELECT t.action INTO v_name FROM saga_pattern.step_types t JOIN saga_pattern.saga_instances i USING (saga_type)
    WHERE i.saga_id = p_saga_id AND t.step_order = p_step_order;
    INSERT INTO saga_pattern.saga_steps
        (saga_id, step_order, step_name, service_name, action_type, status, request_payload, executed_at)
    VALUES (p_saga_id, p_step_order, coalesce(v_name, 'step_' || p_step_order), p_service_name, 'action', 'executing', v_request,
        CURRENT_TIMESTAMP);
    UPDATE saga_pattern.saga_instances SET status = 'executing', updated_at = CURRENT_TIMESTAMP WHERE saga_id = p_saga_id;
    RETURN v_request;
END $$;

-- Begins to undo the saga: the compensation of the last step that is done and not yet undone. Its answer calls this function again, until
-- no step is left and the saga has failed.
CREATE FUNCTION saga_pattern.compensate_saga(p_saga_id UUID) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    v_step RECORD;
BEGIN
    IF NOT EXISTS (SELECT FROM saga_pattern.saga_instances WHERE saga_id = p_saga_id AND status IN ('executing', 'compensating'))
        OR EXISTS (SELECT FROM saga_pattern.saga_steps WHERE saga_id = p_saga_id AND status = 'executing')
    THEN
        RAISE EXCEPTION 'saga % has ended, or waits for a step', p_saga_id;
    END IF;
    SELECT s.*, coalesce(t.compensation, 'compensate_' || s.step_order) AS compensation INTO v_step
    FROM saga_pattern.saga_steps s JOIN saga_pattern.saga_instances i USING (saga_id)
    LEFT JOIN saga_pattern.step_types t ON t.saga_type = i.saga_type AND t.step_order = s.step_order
    WHERE s.saga_id = p_saga_id AND s.action_type = 'action' AND s.status = 'completed'
    ORDER BY s.step_order DESC LIMIT 1;
    IF NOT FOUND THEN
        UPDATE saga_pattern.saga_instances SET status = 'failed', updated_at = CURRENT_TIMESTAMP WHERE saga_id = p_saga_id;
        PERFORM order_service.saga_ended(p_saga_id);
        RETURN;
    END IF;
    UPDATE saga_pattern.saga_instances SET status = 'compensating', updated_at = CURRENT_TIMESTAMP WHERE saga_id = p_saga_id;
    INSERT INTO saga_pattern.saga_steps
        (saga_id, step_order, step_name, service_name, action_type, status, request_payload, executed_at)
    VALUES (p_saga_id, v_step.step_order, v_step.compensation, v_step.service_name, 'compensation', 'executing',
        v_step.request_payload || '{"action_type": "compensation"}', CURRENT_TIMESTAMP);
END $$;

-- A service has done a step or its compensation. The saga goes on with the next one.
CREATE FUNCTION saga_pattern.step_completed(p_saga_id UUID, p_step JSONB) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    v_order INTEGER := (p_step ->> 'step_order')::integer;
    v_action VARCHAR := p_step ->> 'action_type';
    v_saga saga_pattern.saga_instances;
    v_next saga_pattern.step_types;
BEGIN
    SELECT * INTO v_saga FROM saga_pattern.saga_instances WHERE saga_id = p_saga_id FOR UPDATE;
    UPDATE saga_pattern.saga_steps
    SET status = CASE v_action WHEN 'action' THEN 'completed' ELSE 'compensated' END,
        response_payload = p_step, completed_at = CURRENT_TIMESTAMP
    WHERE saga_id = p_saga_id AND step_order = v_order AND action_type = v_action AND status = 'executing';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'saga % waits for no step %', p_saga_id, p_step;
    END IF;
    IF v_action = 'compensation' THEN
        UPDATE saga_pattern.saga_steps SET status = 'compensated'
        WHERE saga_id = p_saga_id AND step_order = v_order AND action_type = 'action';
        PERFORM saga_pattern.compensate_saga(p_saga_id);
        RETURN;
    END IF;
    UPDATE saga_pattern.saga_instances SET current_step = v_order, updated_at = CURRENT_TIMESTAMP,
        status = CASE WHEN v_order >= total_steps THEN 'completed' ELSE 'executing' END
    WHERE saga_id = p_saga_id;
    IF v_order >= v_saga.total_steps THEN
        PERFORM order_service.saga_ended(p_saga_id);
    ELSE
        SELECT * INTO v_next FROM saga_pattern.step_types WHERE saga_type = v_saga.saga_type AND step_order = v_order + 1;
        PERFORM saga_pattern.execute_saga_step(p_saga_id, v_next.step_order, v_next.service_name, v_saga.payload);
    END IF;
END $$;

-- A service could not do a step. What is done is undone, the last step first.
CREATE FUNCTION saga_pattern.step_failed(p_saga_id UUID, p_step JSONB) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    UPDATE saga_pattern.saga_steps
    SET status = 'failed', error_message = p_step ->> 'error', completed_at = CURRENT_TIMESTAMP
    WHERE saga_id = p_saga_id AND step_order = (p_step ->> 'step_order')::integer
        AND action_type = p_step ->> 'action_type' AND status = 'executing';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'saga % waits for no step %', p_saga_id, p_step;
    END IF;
    UPDATE saga_pattern.saga_instances SET error_message = p_step ->> 'error' WHERE saga_id = p_saga_id;
    IF p_step ->> 'action_type' = 'action' THEN
        PERFORM saga_pattern.compensate_saga(p_saga_id);
    END IF; -- else the saga stays in status compensating: a person must look at it
END $$;

-- 3.2 two-phase commit: the coordinator's tables
CREATE SCHEMA two_phase_commit;

CREATE TABLE two_phase_commit.transactions (
    transaction_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    status         VARCHAR(20) NOT NULL
        CHECK (status IN ('preparing', 'prepared', 'committing', 'committed', 'aborting', 'aborted')),
    participants   JSONB NOT NULL,
    created_at     TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at     TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE two_phase_commit.participants (
    participant_id   BIGSERIAL PRIMARY KEY,
    transaction_id   UUID NOT NULL REFERENCES two_phase_commit.transactions (transaction_id) ON DELETE CASCADE,
    service_name     VARCHAR(100) NOT NULL,
    prepare_status   VARCHAR(20) CHECK (prepare_status IN ('pending', 'prepared', 'failed')),
    commit_status    VARCHAR(20) CHECK (commit_status IN ('pending', 'committed', 'failed')),
    prepare_response JSONB,
    commit_response  JSONB,
    UNIQUE (transaction_id, service_name)
);

-- The order service's half of a two-phase commit.
CREATE FUNCTION order_service.issue_gift_card(p_user BIGINT, p_amount NUMERIC) RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO order_service.gift_cards (user_id, amount) VALUES (p_user, p_amount)
$$;

-- The business of the order service

-- Changes an order's status, and says so to everybody.
CREATE FUNCTION order_service.set_status(p_order_number VARCHAR, p_status VARCHAR, p_event VARCHAR, p_data JSONB)
RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    v_order BIGINT;
    v_data JSONB := p_data || jsonb_build_object('status', p_status);
BEGIN
    UPDATE order_service.orders SET order_status = p_status WHERE order_number = p_order_number RETURNING order_id INTO v_order;
    INSERT INTO order_service.order_events (order_id, event_type, event_data) VALUES (v_order, p_event, v_data);
    PERFORM eventual_consistency.process_event(p_event, p_order_number, 'order', v_data);
END $$;

CREATE FUNCTION order_service.place_order(p_order_number VARCHAR, p_order JSONB) RETURNS UUID LANGUAGE plpgsql AS $$
DECLARE
    v_user BIGINT := (p_order ->> 'user_id')::bigint;
    v_payload JSONB := p_order || jsonb_build_object('order_number', p_order_number);
    v_saga UUID;
BEGIN
    IF NOT EXISTS (SELECT FROM event_sync.user_snapshots WHERE user_id = v_user) THEN
        RAISE EXCEPTION 'the order service does not know user %', v_user;
    END IF;
    INSERT INTO order_service.orders (user_id, order_number, order_status, total_amount)
    VALUES (v_user, p_order_number, 'placed', (p_order ->> 'amount')::numeric);
    PERFORM order_service.set_status(p_order_number, 'placed', 'OrderPlaced', p_order);
    INSERT INTO saga_pattern.saga_instances (saga_type, status, total_steps, payload)
    SELECT 'place_order', 'pending', count(*), v_payload FROM saga_pattern.step_types WHERE saga_type = 'place_order'
    RETURNING saga_id INTO v_saga;
    PERFORM saga_pattern.execute_saga_step(v_saga, 1, 'user_service', v_payload);
    RETURN v_saga;
END $$;

CREATE FUNCTION order_service.add_note(p_order_number VARCHAR, p_note JSONB) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM order_service.orders WHERE order_number = p_order_number) THEN
        RAISE EXCEPTION 'there is no order %', p_order_number;
    END IF;
    PERFORM eventual_consistency.process_event('NoteAdded', p_order_number, 'order', p_note);
END $$;

CREATE FUNCTION order_service.saga_ended(p_saga_id UUID) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    v_saga saga_pattern.saga_instances;
BEGIN
    SELECT * INTO v_saga FROM saga_pattern.saga_instances WHERE saga_id = p_saga_id;
    IF v_saga.status = 'failed' THEN
        PERFORM order_service.set_status(v_saga.payload ->> 'order_number', 'cancelled', 'OrderCancelled',
            jsonb_build_object('reason', v_saga.error_message));
    END IF;
    PERFORM event_driven.publish_event(CASE v_saga.status WHEN 'failed' THEN 'OrderCancelled' ELSE 'OrderShipped' END,
        v_saga.payload ->> 'order_number', v_saga.payload);
END $$;

-- A step that the order service does itself.
CREATE FUNCTION order_service.do_step(p_name VARCHAR, p_step JSONB) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    v_order VARCHAR := p_step ->> 'order_number';
    v_item TEXT := p_step ->> 'item';
BEGIN
    CASE p_name
        WHEN 'confirm_order' THEN
            IF NOT EXISTS (SELECT FROM order_service.stock WHERE item = v_item) THEN
                RAISE EXCEPTION 'the shop does not sell %', v_item;
            END IF;
            PERFORM order_service.set_status(v_order, 'confirmed', 'OrderConfirmed', '{}');
        WHEN 'reject_order' THEN
            PERFORM order_service.set_status(v_order, 'rejected', 'OrderRejected', '{}');
        WHEN 'ship_order' THEN
            UPDATE order_service.stock SET pieces = pieces - 1 WHERE item = v_item AND pieces > 0;
            IF NOT FOUND THEN
                RAISE EXCEPTION '% is sold out', v_item;
            END IF;
            PERFORM order_service.set_status(v_order, 'shipped', 'OrderShipped', '{}');
        WHEN 'return_order' THEN
            UPDATE order_service.stock SET pieces = pieces + 1 WHERE item = v_item;
            PERFORM order_service.set_status(v_order, 'returned', 'OrderReturned', '{}');
    END CASE;
END $$;

CREATE FUNCTION order_service.work_on_commands() RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    c cqrs_pattern.commands;
    v_taken INTEGER := 0;
BEGIN
    FOR c IN SELECT * FROM cqrs_pattern.commands WHERE status = 'pending' ORDER BY command_id LIMIT 20 FOR UPDATE SKIP LOCKED LOOP
        v_taken := v_taken + 1;
        BEGIN
            CASE c.command_type
                WHEN 'PlaceOrder' THEN PERFORM order_service.place_order(c.aggregate_id, c.command_data);
                WHEN 'AddNote' THEN PERFORM order_service.add_note(c.aggregate_id, c.command_data);
            END CASE;
            UPDATE cqrs_pattern.commands SET status = 'completed', processed_at = CURRENT_TIMESTAMP WHERE command_id = c.command_id;
        EXCEPTION WHEN OTHERS THEN
            UPDATE cqrs_pattern.commands SET status = 'failed', error_message = SQLERRM, processed_at = CURRENT_TIMESTAMP
            WHERE command_id = c.command_id;
        END;
    END LOOP;
    RETURN v_taken;
END $$;

-- Takes commands, steps and answers, each with all its effects in one transaction. Returns how many it took.
CREATE FUNCTION order_service.work() RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    e RECORD;
    v_status VARCHAR;
    v_taken INTEGER := order_service.work_on_commands();
BEGIN
    FOR e IN SELECT * FROM event_driven.event_inbox WHERE status = 'pending' ORDER BY event_id LIMIT 20 FOR UPDATE SKIP LOCKED LOOP
        v_taken := v_taken + 1;
        v_status := 'processed';
        BEGIN
            CASE
                WHEN e.event_type = 'StepCompleted' THEN
                    PERFORM saga_pattern.step_completed(e.aggregate_id::uuid, e.event_data);
                WHEN e.event_type = 'StepFailed' THEN
                    PERFORM saga_pattern.step_failed(e.aggregate_id::uuid, e.event_data);
                WHEN e.source_service = 'order_saga' THEN
                    BEGIN
                        PERFORM order_service.do_step(e.event_type, e.event_data);
                        PERFORM saga_pattern.step_completed(e.aggregate_id::uuid, e.event_data);
                    EXCEPTION WHEN OTHERS THEN
                        PERFORM saga_pattern.step_failed(e.aggregate_id::uuid, e.event_data || jsonb_build_object('error', SQLERRM));
                    END;
                ELSE NULL; -- news of the other service
            END CASE;
        EXCEPTION WHEN OTHERS THEN -- an event that makes no sense: a person looks at it, and the others go on
            RAISE WARNING 'event % of the inbox failed: %', e.event_id, SQLERRM;
            v_status := 'failed';
        END;
        UPDATE event_driven.event_inbox SET status = v_status, processed_at = CURRENT_TIMESTAMP WHERE event_id = e.event_id;
    END LOOP;
    RETURN v_taken;
END $$;

CREATE PUBLICATION orders_pub FOR TABLE order_service.orders, order_service.order_events, order_service.gift_cards,
    eventual_consistency.events, cqrs_pattern.commands, saga_pattern.saga_steps, event_driven.event_outbox;

GRANT USAGE ON SCHEMA order_service, eventual_consistency, cqrs_pattern, saga_pattern, event_driven TO cdc_from_orders;
GRANT SELECT ON order_service.orders, order_service.order_events, order_service.gift_cards, eventual_consistency.events,
    cqrs_pattern.commands, saga_pattern.saga_steps TO cdc_from_orders;
GRANT SELECT, UPDATE (status, published_at, retry_count) ON event_driven.event_outbox TO cdc_from_orders;
GRANT USAGE ON SCHEMA event_driven, event_sync TO cdc_to_orders;
GRANT SELECT, INSERT ON event_driven.event_inbox TO cdc_to_orders;
GRANT USAGE ON SEQUENCE event_driven.event_inbox_event_id_seq TO cdc_to_orders;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON event_sync.user_snapshots TO cdc_to_orders;
