-- The whole old row comes with updates and deletes; changed_fields goes by value, not by text.
CREATE TABLE prices (id int PRIMARY KEY, label text, amount numeric, attributes json, tags text[], note text);
ALTER TABLE prices REPLICA IDENTITY FULL;
CREATE TABLE log_lines (at timestamptz, line text);
ALTER TABLE log_lines REPLICA IDENTITY FULL;
-- capture
INSERT INTO prices VALUES (1, 'first', 1.0, '{"a": 1, "b": [1, 2]}', '{x,y}', NULL);
UPDATE prices SET label = 'First' WHERE id = 1;
UPDATE prices SET amount = 1.00 WHERE id = 1;
UPDATE prices SET attributes = '{"b":[1,2.0],"a":1}' WHERE id = 1;
UPDATE prices SET tags = '[0:1]={x,y}' WHERE id = 1;
UPDATE prices SET note = 'now known', tags = '{x,y,z}' WHERE id = 1;
UPDATE prices SET note = NULL, amount = 1.01 WHERE id = 1;
UPDATE prices SET label = label WHERE id = 1;
UPDATE prices SET id = 2 WHERE id = 1;
DELETE FROM prices WHERE id = 2;
INSERT INTO log_lines VALUES ('2026-01-02 03:04:05+00', 'no key at all');
UPDATE log_lines SET line = 'still none';
DELETE FROM log_lines;
