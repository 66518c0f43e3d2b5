-- Without an identity only inserts and truncates can be published; the key is known all the same.
CREATE TABLE events (id int PRIMARY KEY, what text);
ALTER TABLE events REPLICA IDENTITY NOTHING;
-- capture
INSERT INTO events VALUES (1, 'created');
TRUNCATE events;
