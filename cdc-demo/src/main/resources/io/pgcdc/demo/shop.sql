-- Two services, each with its own schema, without a foreign key between them.
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
-- large values are stored out of line without compression, which could keep them in the row
ALTER TABLE user_service.users ALTER profile_data SET STORAGE EXTERNAL;

CREATE SCHEMA order_service;
CREATE TABLE order_service.orders (
    order_id     BIGSERIAL PRIMARY KEY,
    user_id      BIGINT NOT NULL,
    order_number VARCHAR(50) NOT NULL UNIQUE,
    order_status VARCHAR(20) NOT NULL,
    total_amount DECIMAL(10,2) NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);
-- makes the server send the whole old row, so that changed_fields are known
ALTER TABLE order_service.orders REPLICA IDENTITY FULL;

CREATE PUBLICATION users_pub FOR TABLE user_service.users;
CREATE PUBLICATION orders_pub FOR TABLE order_service.orders;
