CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL, email text);
INSERT INTO users (name, email) VALUES ('ada', 'ada@example.com'), ('bob', 'bob@example.com');
