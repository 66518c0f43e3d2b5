-- A generated column is not published; where it is the key, there is no record_id.
CREATE TABLE squares (id int PRIMARY KEY, side int, area int GENERATED ALWAYS AS (side * side) STORED);
CREATE TABLE generated_keys (n int, id int GENERATED ALWAYS AS (n + 100) STORED PRIMARY KEY);
-- capture
INSERT INTO squares VALUES (1, 2);
UPDATE squares SET side = 3;
DELETE FROM squares;
INSERT INTO generated_keys VALUES (1);
