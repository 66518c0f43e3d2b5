-- Names are those at the time of the change.
CREATE SCHEMA archive;
CREATE TABLE people (id int PRIMARY KEY, name text);
-- capture
INSERT INTO people VALUES (1, 'before');
ALTER TABLE people RENAME TO persons;
INSERT INTO persons VALUES (2, 'renamed');
ALTER TABLE persons RENAME COLUMN name TO full_name;
INSERT INTO persons VALUES (3, 'column renamed');
ALTER TABLE persons SET SCHEMA archive;
UPDATE archive.persons SET full_name = 'moved' WHERE id = 3;
