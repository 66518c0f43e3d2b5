-- From 18 on a publication can have stored generated columns, keys among them.
-- since: 18
CREATE TABLE squares (id int PRIMARY KEY, side int, area int GENERATED ALWAYS AS (side * side) STORED,
    twice int GENERATED ALWAYS AS (side * 2) VIRTUAL);
CREATE TABLE generated_keys (n int, id int GENERATED ALWAYS AS (n + 100) STORED PRIMARY KEY);
CREATE PUBLICATION golden FOR ALL TABLES WITH (publish_generated_columns = stored);
-- capture
INSERT INTO squares VALUES (1, 2);
UPDATE squares SET side = 3;
INSERT INTO generated_keys VALUES (1);
UPDATE generated_keys SET n = 2;
DELETE FROM generated_keys;
