-- CASCADE brings the referencing tables in; each table is a change of its own.
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents);
-- capture
BEGIN;
INSERT INTO parents VALUES (1);
INSERT INTO children VALUES (10, 1);
COMMIT;
TRUNCATE parents CASCADE;
