-- An update across the filter's border arrives as an insert or a delete.
-- since: 15
CREATE TABLE tasks (id int PRIMARY KEY, state text);
ALTER TABLE tasks REPLICA IDENTITY FULL;
CREATE PUBLICATION golden FOR TABLE tasks WHERE (state <> 'draft');
-- capture
INSERT INTO tasks VALUES (1, 'draft');
UPDATE tasks SET state = 'open';
UPDATE tasks SET state = 'done';
UPDATE tasks SET state = 'draft';
DELETE FROM tasks;
