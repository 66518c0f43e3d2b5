-- Messages in and outside a transaction; content is bytes, of which UTF-8 is shown as text.
CREATE TABLE jobs (id int PRIMARY KEY);
-- capture
SELECT pg_logical_emit_message(true, 'audit', 'a transaction of one message');
BEGIN;
INSERT INTO jobs VALUES (1);
SELECT pg_logical_emit_message(true, 'audit', '{"who": "ünï"}');
SELECT pg_logical_emit_message(false, 'progress', 'comes before its transaction');
INSERT INTO jobs VALUES (2);
COMMIT;
SELECT pg_logical_emit_message(false, 'progress', '');
BEGIN;
SELECT pg_logical_emit_message(true, 'audit', 'rolled back');
SELECT pg_logical_emit_message(false, 'progress', 'survives a rollback');
ROLLBACK;
SELECT pg_logical_emit_message(false, 'bytes', '\x00ff00fe'::bytea);
SELECT pg_logical_emit_message(true, 'bytes', '\xc3'::bytea);
