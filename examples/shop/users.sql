-- The user service. Run it in database users, as user_service, after messaging.sql.
CREATE SCHEMA user_service;

CREATE TABLE user_service.users (
    user_id       BIGSERIAL PRIMARY KEY,
    username      VARCHAR(50) NOT NULL UNIQUE,
    email         VARCHAR(100) NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    profile_data  JSONB,
    created_at    TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at    TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE user_service.user_events (
    event_id    BIGSERIAL PRIMARY KEY,
    user_id     BIGINT NOT NULL,
    event_type  VARCHAR(50) NOT NULL,
    event_data  JSONB NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_user_events_user ON user_service.user_events (user_id, occurred_at);

CREATE TABLE user_service.accounts (
    user_id BIGINT PRIMARY KEY REFERENCES user_service.users,
    balance NUMERIC(12,2) NOT NULL CHECK (balance >= 0)
);

-- Money that is set aside for a saga. Its amount is no part of the balance while it is held.
CREATE TABLE user_service.reservations (
    saga_id      UUID PRIMARY KEY,
    user_id      BIGINT NOT NULL REFERENCES user_service.accounts,
    order_number VARCHAR(50) NOT NULL,
    amount       NUMERIC(12,2) NOT NULL,
    state        VARCHAR(20) NOT NULL CHECK (state IN ('held', 'released'))
);

-- the whole old row is sent, so that changed_fields are known
ALTER TABLE user_service.users REPLICA IDENTITY FULL;
ALTER TABLE user_service.accounts REPLICA IDENTITY FULL;
ALTER TABLE user_service.reservations REPLICA IDENTITY FULL;

CREATE FUNCTION user_service.register(p_username VARCHAR, p_email VARCHAR, p_balance NUMERIC)
RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    v_user BIGINT;
BEGIN
    INSERT INTO user_service.users (username, email, password_hash)
    VALUES (p_username, p_email, md5(random()::text)) RETURNING user_id INTO v_user;
    INSERT INTO user_service.accounts VALUES (v_user, p_balance);
    INSERT INTO user_service.user_events (user_id, event_type, event_data)
    VALUES (v_user, 'UserRegistered', jsonb_build_object('username', p_username, 'email', p_email));
    PERFORM event_driven.publish_event('UserRegistered', v_user::text, jsonb_build_object('username', p_username));
    RETURN v_user;
END $$;

CREATE FUNCTION user_service.change_email(p_user BIGINT, p_email VARCHAR) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    UPDATE user_service.users SET email = p_email, updated_at = CURRENT_TIMESTAMP WHERE user_id = p_user;
    INSERT INTO user_service.user_events (user_id, event_type, event_data)
    VALUES (p_user, 'UserEmailChanged', jsonb_build_object('email', p_email));
END $$;

-- The user service's half of a two-phase commit.
CREATE FUNCTION user_service.withdraw(p_user BIGINT, p_amount NUMERIC) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    UPDATE user_service.accounts SET balance = balance - p_amount WHERE user_id = p_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % has no account', p_user;
    END IF;
END $$;

-- A step of a saga: sets money aside.
CREATE FUNCTION user_service.reserve_credit(p_saga UUID, p_step JSONB) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    v_user BIGINT := (p_step ->> 'user_id')::bigint;
    v_amount NUMERIC := (p_step ->> 'amount')::numeric;
BEGIN
    UPDATE user_service.accounts SET balance = balance - v_amount WHERE user_id = v_user AND balance >= v_amount;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not enough credit';
    END IF;
    INSERT INTO user_service.reservations VALUES (p_saga, v_user, p_step ->> 'order_number', v_amount, 'held');
END $$;

-- The compensation of reserve_credit.
CREATE FUNCTION user_service.release_credit(p_saga UUID) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    WITH released AS (
        UPDATE user_service.reservations SET state = 'released' WHERE saga_id = p_saga AND state = 'held'
        RETURNING user_id, amount)
    UPDATE user_service.accounts a SET balance = balance + r.amount FROM released r WHERE a.user_id = r.user_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'saga % holds no credit', p_saga;
    END IF;
END $$;

-- Takes events from the inbox and answers each through the outbox, in one transaction. Returns how many it took.
CREATE FUNCTION user_service.work() RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    e RECORD;
    v_step JSONB;
    v_taken INTEGER := 0;
BEGIN
    FOR e IN SELECT * FROM event_driven.event_inbox WHERE status = 'pending' ORDER BY event_id LIMIT 20 FOR UPDATE SKIP LOCKED LOOP
        v_taken := v_taken + 1;
        v_step := e.event_data;
        IF e.source_service = 'order_saga' THEN
            BEGIN
                CASE e.event_type
                    WHEN 'reserve_credit' THEN PERFORM user_service.reserve_credit(e.aggregate_id::uuid, v_step);
                    WHEN 'release_credit' THEN PERFORM user_service.release_credit(e.aggregate_id::uuid);
                END CASE;
                PERFORM event_driven.publish_event('StepCompleted', e.aggregate_id, v_step);
            EXCEPTION WHEN OTHERS THEN
                PERFORM event_driven.publish_event('StepFailed', e.aggregate_id, v_step || jsonb_build_object('error', SQLERRM));
            END;
        ELSIF v_step ->> 'user_id' IS NOT NULL THEN -- news of the order service
            INSERT INTO user_service.user_events (user_id, event_type, event_data)
            VALUES ((v_step ->> 'user_id')::bigint, e.event_type, v_step);
        END IF;
        UPDATE event_driven.event_inbox SET status = 'processed', processed_at = CURRENT_TIMESTAMP WHERE event_id = e.event_id;
    END LOOP;
    RETURN v_taken;
END $$;

CREATE PUBLICATION users_pub FOR TABLE user_service.users, user_service.user_events, user_service.accounts,
    user_service.reservations, event_driven.event_outbox;

GRANT USAGE ON SCHEMA user_service, event_driven TO cdc_from_users;
GRANT SELECT ON ALL TABLES IN SCHEMA user_service TO cdc_from_users;
GRANT SELECT, UPDATE (status, published_at, retry_count) ON event_driven.event_outbox TO cdc_from_users;
GRANT USAGE ON SCHEMA event_driven TO cdc_to_users;
GRANT SELECT, INSERT ON event_driven.event_inbox TO cdc_to_users;
GRANT USAGE ON SEQUENCE event_driven.event_inbox_event_id_seq TO cdc_to_users;
