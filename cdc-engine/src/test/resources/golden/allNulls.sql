-- NULL is null: beside a key, and in a table that has nothing else and no key.
CREATE TABLE keyed (id int PRIMARY KEY, t text, n numeric, j jsonb, a int[]);
CREATE TABLE keyless (t text, n int);
-- capture
INSERT INTO keyed (id) VALUES (1);
INSERT INTO keyless DEFAULT VALUES;
UPDATE keyed SET t = 'x' WHERE id = 1;
UPDATE keyed SET t = NULL WHERE id = 1;
