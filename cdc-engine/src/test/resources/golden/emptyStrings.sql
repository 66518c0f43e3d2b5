-- The empty string is not NULL; neither are the other empty values.
CREATE TABLE empties (id text PRIMARY KEY, t text, v varchar(3), c char(3), b bytea, a text[], j json, jb jsonb);
-- capture
INSERT INTO empties VALUES ('', '', '', '', '', '{}', '""', '{}');
INSERT INTO empties VALUES (' ', NULL, ' ', ' ', NULL, '{""}', '{}', '[]');
UPDATE empties SET t = NULL WHERE id = '';
DELETE FROM empties WHERE id = '';
