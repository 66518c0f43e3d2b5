-- A key that lies out of line is not in the new row, but the server sends the old key for it.
CREATE TABLE documents (path text PRIMARY KEY, size int);
ALTER TABLE documents ALTER path SET STORAGE EXTERNAL;
-- capture
INSERT INTO documents VALUES (repeat('/folder1', 270), 1);
UPDATE documents SET size = 2;
UPDATE documents SET path = repeat('/folder2', 270);
DELETE FROM documents;
