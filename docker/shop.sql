-- The slot is there before the first row: what is changed while cdc is not up yet waits in the log.
CREATE PUBLICATION shop_pub FOR ALL TABLES;
SELECT FROM pg_create_logical_replication_slot('shop_cdc', 'pgoutput');

CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL, email text);
INSERT INTO users (name, email) VALUES ('ada', 'ada@example.com'), ('bob', 'bob@example.com');
