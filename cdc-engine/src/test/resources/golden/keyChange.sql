-- Changing the key sends the old one; leaving it alone sends none.
CREATE TABLE items (id int PRIMARY KEY, name text);
-- capture
INSERT INTO items VALUES (1, 'one');
UPDATE items SET id = 2 WHERE id = 1;
UPDATE items SET name = 'two' WHERE id = 2;
UPDATE items SET id = 3, name = 'three' WHERE id = 2;
DELETE FROM items WHERE id = 3;
