-- Each partition is a table of its own; a row that moves is deleted here and inserted there.
CREATE TABLE readings (id int, taken date, v numeric, PRIMARY KEY (id, taken)) PARTITION BY RANGE (taken);
CREATE TABLE readings_2025 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE readings_2026 (v numeric, taken date NOT NULL, id int NOT NULL);
ALTER TABLE readings ATTACH PARTITION readings_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE PUBLICATION golden FOR TABLE readings WITH (publish_via_partition_root = false);
-- capture
INSERT INTO readings VALUES (1, '2025-06-01', 1.5), (2, '2026-06-01', 2.5);
UPDATE readings SET v = 3 WHERE id = 2;
UPDATE readings SET taken = '2026-07-01' WHERE id = 1;
DELETE FROM readings WHERE id = 1;
TRUNCATE readings;
