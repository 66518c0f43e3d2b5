-- The key's order is not the table's.
CREATE TABLE lines (position int, note text, order_id text, PRIMARY KEY (order_id, position));
-- capture
INSERT INTO lines VALUES (1, 'first', 'o"1');
UPDATE lines SET note = 'changed';
UPDATE lines SET position = 2;
DELETE FROM lines;
