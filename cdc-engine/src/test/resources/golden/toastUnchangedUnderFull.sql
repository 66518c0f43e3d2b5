-- Under REPLICA IDENTITY FULL the old row holds what the new one leaves out.
CREATE TABLE users (id int PRIMARY KEY, email text, bio text);
ALTER TABLE users ALTER bio SET STORAGE EXTERNAL;
ALTER TABLE users REPLICA IDENTITY FULL;
-- capture
INSERT INTO users VALUES (1, 'a@example.com', repeat('bio ', 550));
UPDATE users SET email = 'b@example.com' WHERE id = 1;
UPDATE users SET bio = repeat('bio ', 550) WHERE id = 1;
UPDATE users SET bio = repeat('BIO ', 550) WHERE id = 1;
DELETE FROM users WHERE id = 1;
