-- The catalog already has the new name when the row under the old one is read: key and publications are found all the same.
CREATE SCHEMA archive;
CREATE TABLE people (id int PRIMARY KEY, name text);
-- capture
BEGIN;
INSERT INTO people VALUES (1, 'before');
ALTER TABLE people RENAME TO persons;
INSERT INTO persons VALUES (2, 'renamed');
ALTER TABLE persons SET SCHEMA archive;
INSERT INTO archive.persons VALUES (3, 'moved');
COMMIT;
