-- A value that lies out of line and is not touched by the update is not sent.
CREATE TABLE users (id int PRIMARY KEY, email text, bio text, notes text);
ALTER TABLE users ALTER bio SET STORAGE EXTERNAL, ALTER notes SET STORAGE EXTERNAL;
-- capture
INSERT INTO users VALUES (1, 'a@example.com', repeat('bio ', 550), repeat('note', 550));
UPDATE users SET email = 'b@example.com' WHERE id = 1;
UPDATE users SET bio = 'short' WHERE id = 1;
UPDATE users SET id = 2 WHERE id = 1;
DELETE FROM users WHERE id = 2;
