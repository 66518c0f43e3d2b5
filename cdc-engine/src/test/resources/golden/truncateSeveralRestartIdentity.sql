-- Several tables in one statement, among changes of one transaction.
CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text);
CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text);
-- capture
BEGIN;
INSERT INTO a (t) VALUES ('before');
TRUNCATE a, b RESTART IDENTITY;
INSERT INTO a (t) VALUES ('after');
COMMIT;
TRUNCATE b RESTART IDENTITY CASCADE;
TRUNCATE b;
