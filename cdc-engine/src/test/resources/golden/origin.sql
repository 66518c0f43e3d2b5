-- A transaction that was replayed from another server carries its origin; the next one does not.
CREATE TABLE replicated (id int PRIMARY KEY, t text);
SELECT pg_replication_origin_drop(roname) FROM pg_replication_origin WHERE roname = 'elsewhere "1"';
SELECT pg_replication_origin_create('elsewhere "1"');
-- capture
SELECT pg_replication_origin_session_setup('elsewhere "1"');
BEGIN;
SELECT pg_replication_origin_xact_setup('0/ABCDEF0', '2026-01-02 03:04:05+00');
INSERT INTO replicated VALUES (1, 'from elsewhere');
INSERT INTO replicated VALUES (2, 'from elsewhere');
COMMIT;
SELECT pg_replication_origin_session_reset();
INSERT INTO replicated VALUES (3, 'our own');
SELECT pg_replication_origin_drop('elsewhere "1"');
