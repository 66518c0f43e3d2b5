-- Only the published columns come; the others are not null but absent.
-- since: 15
CREATE TABLE users (id int PRIMARY KEY, email text, password_hash text);
CREATE PUBLICATION golden FOR TABLE users (id, email);
-- capture
INSERT INTO users VALUES (1, 'a@example.com', 'secret');
UPDATE users SET password_hash = 'other';
DELETE FROM users;
